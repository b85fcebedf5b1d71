// Read aloud: one question at a time by keys, as large as the wall allows, gone when the test closes.
// Without it the numbers below are links to the questions.
(() => {
  "use strict";
  const main = document.getElementById("main");
  const all = [...document.querySelectorAll(".question")];
  if (!all.length) return;
  const [back, next] = ["back", "next"].map((id) => document.getElementById(id));
  const links = [...document.querySelectorAll("nav a")];
  const isRtl = document.documentElement.dir === "rtl";
  const LEAST = 18;
  const MOST = 44;
  const PERIOD = 5000;

  const at = () => Math.max(0, all.findIndex((each) => `#${each.id}` === location.hash));

  // The largest letters with which the question and the keys stand on one screen.
  function fit() {
    const room = document.documentElement;
    let size = MOST;
    do {
      document.body.style.fontSize = `${size}px`;
      size -= 1;
    } while (size >= LEAST && room.scrollHeight > room.clientHeight);
  }

  function show() {
    const place = at();
    all.forEach((each, number) => each.classList.toggle("now", number === place));
    back.disabled = place === 0;
    next.disabled = place === all.length - 1;
    links.forEach((link, number) => {
      if (number === place) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    fit();
  }

  function go(step) {
    const place = Math.min(all.length - 1, Math.max(0, at() + step));
    if (`#${all[place].id}` !== location.hash) location.replace(`#${all[place].id}`);
  }

  async function look() {
    try {
      const answer = await fetch(main.dataset.state, { credentials: "same-origin", cache: "no-store" });
      const said = answer.ok && !answer.redirected ? await answer.json() : { is_open: true };
      document.getElementById("over").hidden = said.is_open;
      for (const part of [document.getElementById("questions"), document.querySelector("nav")]) part.hidden = !said.is_open;
      if (said.is_open) fit();
    } catch (error) {
      // The network is away: what stands on the wall stays, the next look decides.
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const steps = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1, PageDown: 1, PageUp: -1 };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    go(step);
  });
  back.hidden = next.hidden = false;
  document.body.classList.add("js"); // the address's own target is known only after the first drawing
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  window.addEventListener("hashchange", show);
  window.addEventListener("resize", fit);
  if (document.fonts) document.fonts.ready.then(fit);
  if (!all.some((each) => `#${each.id}` === location.hash)) location.replace("#q1");
  show();
  setInterval(look, PERIOD);
})();
