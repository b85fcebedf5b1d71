// Small helps for staff pages: the room's live part, and the print button. All works without it.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // On plain http there is no clipboard: then the words are marked, and copied the old way.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = document.getElementById(button.dataset.copy);
      getSelection().selectAllChildren(words);
      let isCopied = false;
      try {
        await navigator.clipboard.writeText(words.textContent);
        isCopied = true;
      } catch (failure) {
        isCopied = document.execCommand("copy");
      }
      if (isCopied) button.textContent = button.dataset.said;
    });
  }

  for (const button of document.querySelectorAll("[data-close]")) {
    button.hidden = !window.opener;
    button.addEventListener("click", () => window.close());
  }

  // A file is read as soon as it is chosen: one step less.
  for (const field of document.querySelectorAll("input[type=file][data-send]")) {
    field.addEventListener("change", () => { if (field.files.length) field.form.submit(); });
  }

  // What takes more than one request goes on by itself.
  for (const form of document.querySelectorAll("form[data-goes-on]")) form.requestSubmit();

  const live = document.getElementById("progress");
  if (!live || !window.fetch) return;
  const every = 4000;
  const mostMissed = 3;
  let timer = 0;
  let isAsking = false;
  let shown = "";
  let missed = 0;

  // Whether it was the live part: a hotel's own page may stand in for an answer.
  function put(fresh) {
    const said = live.querySelector("#progress-said");
    const body = live.querySelector("#progress-body");
    const newSaid = fresh.querySelector("#progress-said");
    const newBody = fresh.querySelector("#progress-body");
    if (!said || !body || !newSaid || !newBody) return false;
    // The status is announced when its text changes, so it stays the same element.
    if (said.textContent !== newSaid.textContent) said.replaceChildren(...newSaid.childNodes);
    const held = document.activeElement;
    const key = held && body.contains(held) ? held.dataset.key || held.getAttribute("aria-labelledby") : null;
    const scrolled = body.querySelector(".scroll");
    const offset = scrolled ? scrolled.scrollLeft : 0;
    body.replaceChildren(...newBody.childNodes);
    const area = body.querySelector(".scroll");
    if (area) area.scrollLeft = offset;
    if (key) {
      const again = body.querySelector(`[data-key="${key}"], [aria-labelledby="${key}"]`);
      (again || area || document.getElementById("main")).focus({ preventScroll: true });
    }
    return true;
  }

  // "fresh", "signed out", or "away": no network, a refusal, a server that is in trouble or hangs.
  async function read() {
    const stop = new AbortController();
    const patience = window.setTimeout(() => stop.abort(), every - 500);
    try {
      const answer = await fetch(live.dataset.url, { credentials: "same-origin", cache: "no-store", signal: stop.signal });
      if (answer.redirected) return "signed out";
      if (!answer.ok) return "away";
      const text = await answer.text();
      if (text !== shown && !put(new DOMParser().parseFromString(text, "text/html"))) return "away";
      shown = text;
      return "fresh";
    } catch (failure) {
      // What is shown stays, and the next turn tries again.
      return "away";
    } finally {
      window.clearTimeout(patience);
    }
  }

  function tell(came) {
    const stale = document.getElementById("progress-stale");
    if (!stale) return;
    missed = came === "fresh" ? 0 : missed + 1;
    const isSignedOut = came === "signed out";
    stale.hidden = !isSignedOut && missed < mostMissed;
    for (const each of stale.querySelectorAll("[data-when]")) {
      each.hidden = (each.dataset.when === "signed-out") !== isSignedOut;
    }
  }

  async function refresh() {
    if (isAsking || document.hidden) return;
    isAsking = true;
    const came = await read();
    isAsking = false;
    tell(came);
  }

  function turn() {
    window.clearInterval(timer);
    if (document.hidden) return;
    refresh();
    timer = window.setInterval(refresh, every);
  }

  document.addEventListener("visibilitychange", turn);
  timer = window.setInterval(refresh, every);
})();
