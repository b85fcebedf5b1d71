/* What follows once the test can be used; fetched while there is a network, for when there is none.

   TafawutLater(sections, own, revision) shows the answers as a square and as groups to type. ES5. */
(function () {
  "use strict";

  function toArray(list) { return Array.prototype.slice.call(list); }
  function by(id) { return document.getElementById(id); }

  /* ---- rescue: by hand, when the network never comes back ---- */

  function shapeOf(section) {
    var options = section.querySelectorAll("input:not([value=dk])"), rows = section.querySelectorAll(".row").length;
    if (section.querySelector("textarea")) { return ["short_text", 0]; }
    if (rows) { return ["match", options.length / rows, rows]; }
    if (options[0].type === "checkbox") { return ["multi_select", options.length]; }
    return [section.querySelector("[value=dk]") ? "single_choice" : "likert", options.length];
  }

  function answerOf(section) {
    var text = section.querySelector("textarea"), chosen = toArray(section.querySelectorAll("input:checked"));
    if (text) { return text.value || null; }
    return chosen.length ? chosen.map(function (input) { return input.value; }) : null;
  }

  function rescue(sections, own, revision) {
    var code = window.TafawutRescue.encode(sections.map(shapeOf), own.card, own.test, revision, sections.map(answerOf));
    window.TafawutRescue.drawQr(code.text, by("rescue-square"));
    by("rescue-groups").textContent = code.groups.join(" ");
    by("rescue").hidden = false;
    by("rescue-title").focus();
  }

  function load(address, then) {
    var script = document.createElement("script");
    script.src = address;
    script.onload = then;
    document.body.appendChild(script);
  }

  load("/static/rescue.js", function () { window.TafawutLater = rescue; });

  /* ---- the service worker: an offline reload, on https alone; nothing depends on it ---- */

  function register() { navigator.serviceWorker.register("/my/worker.js", { scope: "/my" })["catch"](Boolean); }

  if (location.protocol === "https:" && navigator.serviceWorker) {
    if (document.readyState === "complete") { register(); } else { window.addEventListener("load", register); }
  }
}());
