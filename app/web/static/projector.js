// The projector: which part is seen, the keys, the arrows, and numbers that are never quietly old.
(() => {
  "use strict";
  const wall = document.getElementById("wall");
  const stale = document.getElementById("stale");
  const reveal = document.getElementById("reveal");
  const keys = new Map([...document.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each]));
  const views = ["lobby", "progress", "reveal"];
  const every = 2000;
  const freshFor = 5000;
  let shown = { view: "", isDrawn: false };

  // The part stands behind the # of the address: a laptop that slept shows the same again.
  function wanted() {
    const [view, how] = location.hash.slice(1).split("-");
    return { view: views.includes(view) ? view : "lobby", isDrawn: view === "reveal" && how === "drawn" };
  }

  function show() {
    const now = wanted();
    for (const view of views) document.getElementById(view).hidden = view !== now.view;
    // They grow before the eyes of the room, not each time the window opens.
    const isMoving = now.isDrawn && shown.view === "reveal" && !shown.isDrawn;
    if (isMoving) measure();
    reveal.classList.toggle("waits", !now.isDrawn);
    reveal.classList.toggle("draws", isMoving);
    for (const [key, each] of keys) {
      const isHere = { l: "lobby", p: "progress", r: "reveal" }[key] === now.view;
      if (isHere) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    keys.get(" ").hidden = now.view !== "reveal" || now.isDrawn || !reveal.querySelector(".arrow");
    shown = now;
    // What an address points to, a browser brings to the upper edge; the wall stands still.
    window.scrollTo(0, 0);
  }

  // How far each head travels, in pixels: from the ring to where it stands.
  function measure() {
    for (const head of reveal.querySelectorAll(".head")) {
      const line = head.closest(".arrow").querySelector(".way");
      const far = line.x1.baseVal.value - line.x2.baseVal.value;
      head.style.setProperty("--way", `${far}px`);
    }
  }

  function go(hash) {
    history.replaceState(null, "", hash);
    show();
  }

  function toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  }

  function press(key) {
    if (key === "f") toggleFull();
    else if (key === " ") { if (shown.view === "reveal" && reveal.querySelector(".arrow")) go("#reveal-drawn"); }
    else go(keys.get(key).getAttribute("href"));
  }

  // A keyboard in Urdu has the same keys under other letters.
  function letterOf(event) {
    const key = event.key.toLowerCase();
    return keys.has(key) || !/^Key[A-Z]$/.test(event.code) || /^[a-z]$/.test(key) ? key : event.code[3].toLowerCase();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = letterOf(event);
    if (!keys.has(key) || (key === " " && event.target.closest("button"))) return;
    event.preventDefault();
    press(key);
  });
  for (const [key, each] of keys) {
    each.addEventListener("click", (event) => {
      event.preventDefault();
      // After a click of the mouse the space bar belongs to the arrows again.
      if (event.detail) each.blur();
      press(key);
    });
  }
  keys.get("f").hidden = !document.fullscreenEnabled;
  window.addEventListener("hashchange", show);
  show();

  let asOf = Date.now();
  let isAsking = false;

  function put(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      // What has not changed stays as it is: an arrow that grows is not drawn anew.
      if (now && now.innerHTML.trim() !== part.dataset.shown) {
        if (part.dataset.shown !== undefined || now.textContent.trim() !== part.textContent.trim()) {
          part.replaceChildren(...[...now.childNodes].map((each) => document.importNode(each, true)));
        }
        part.dataset.shown = now.innerHTML.trim();
      }
    }
    keys.get(" ").hidden = shown.view !== "reveal" || shown.isDrawn || !reveal.querySelector(".arrow");
  }

  async function ask() {
    if (isAsking || document.hidden) return;
    isAsking = true;
    const asked = Date.now();
    const stop = new AbortController();
    const patience = window.setTimeout(() => stop.abort(), freshFor);
    try {
      const answer = await fetch(wall.dataset.live, { credentials: "same-origin", cache: "no-store", signal: stop.signal });
      if (answer.ok && !answer.redirected) {
        put(await answer.text());
        asOf = asked;
      }
    } catch (failure) {
      // What is shown stays; the line above says that it is old.
    } finally {
      window.clearTimeout(patience);
      isAsking = false;
      judge();
    }
  }

  function judge() {
    const isOld = Date.now() - asOf > freshFor;
    if (stale.hidden === isOld) stale.hidden = !isOld;
  }

  document.addEventListener("visibilitychange", ask);
  window.setInterval(ask, every);
  window.setInterval(judge, 500);
})();
