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

  const live = document.getElementById("progress");
  if (!live || !window.fetch) return;
  const every = 4000;
  let timer = 0;
  let isAsking = false;
  let shown = "";
  let missed = 0;

  function put(fresh) {
    const said = live.querySelector("#progress-said");
    const body = live.querySelector("#progress-body");
    const newSaid = fresh.querySelector("#progress-said");
    const newBody = fresh.querySelector("#progress-body");
    if (!said || !body || !newSaid || !newBody) return;
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
  }

  async function refresh() {
    if (isAsking || document.hidden) return;
    isAsking = true;
    try {
      const answer = await fetch(live.dataset.url, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) {
        missed = 0;
        const text = await answer.text();
        if (text !== shown) {
          put(new DOMParser().parseFromString(text, "text/html"));
          shown = text;
        }
      }
    } catch (failure) {
      // No network for a moment: what is shown stays, and the next turn tries again.
      missed += 1;
    } finally {
      const stale = document.getElementById("progress-stale");
      if (stale) stale.hidden = missed < 3;
      isAsking = false;
    }
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
