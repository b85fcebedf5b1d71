// The desk looks again by itself, so that nobody has to tap when a test opens. Only while somebody
// sees it, slower while nothing answers. Without it [Check again] does the same. Chromium 64: ES5.
(function () {
  "use strict";
  var EVERY = 15000, MOST = 120000, PATIENCE = 20000;
  var live = document.getElementById("live");
  var said = document.getElementById("said");
  if (!live || !said || !window.fetch) { return; }
  var pause = EVERY, timer = 0, turn = 0, askedAt = Date.now();
  live.className = "looks";

  function plan() {
    window.clearTimeout(timer);
    if (!document.hidden) { timer = window.setTimeout(ask, pause); }
  }

  function words(node) { return node ? node.textContent.replace(/\s+/g, " ").trim() : ""; }

  function put(text) {
    var fresh = document.createElement("div"), held = document.activeElement, before, part;
    fresh.innerHTML = text;
    part = fresh.querySelector("[data-part]");
    if (!part) { return; }
    if (part.getAttribute("data-part") !== live.querySelector("[data-part]").getAttribute("data-part")) {
      window.location.reload();
      return;
    }
    if (words(fresh) === words(live) && fresh.querySelectorAll("a, button").length === live.querySelectorAll("a, button").length) { return; }
    before = words(live.querySelector("h1")) + words(live.querySelector(".warn strong")).replace(/\d+/g, "");
    held = held && live.contains(held);
    live.innerHTML = text;
    if (held) { document.getElementById("main").focus(); }
    // The minutes that are left change each time; a screen reader is told of the closing once.
    if (before !== words(live.querySelector("h1")) + words(live.querySelector(".warn strong")).replace(/\d+/g, "")) {
      said.textContent = words(live.querySelector("h1")) + ". " + words(live.querySelector(".warn"));
      document.title = words(live.querySelector("h1")) + " – Tafawut";
    }
  }

  function ask() {
    var mine = turn += 1;
    function isOver() { return mine !== turn; }
    function fail() {
      if (isOver()) { return; }
      turn += 1;
      pause = Math.min(MOST, pause * 2);
      plan();
    }
    askedAt = Date.now();
    window.setTimeout(fail, PATIENCE);
    window.fetch(live.getAttribute("data-url"), { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (answer.status === 204 || answer.status === 401) { window.location.reload(); return null; }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) {
      if (isOver() || text === null) { return; }
      turn += 1;
      pause = EVERY;
      put(text);
      plan();
    }).catch(fail);
  }

  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && Date.now() - askedAt > EVERY) { ask(); } else { plan(); }
  });
  plan();
})();
