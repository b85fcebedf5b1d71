/* The test's script counts in Latin digits; a draft's lines show its own. Chromium 64: ES5 only. */
(function () {
  "use strict";
  Array.prototype.slice.call(document.querySelectorAll("[data-zero]")).forEach(function (node) {
    var zero = node.getAttribute("data-zero").charCodeAt(0);
    function turn() {
      var text = node.textContent.replace(/[0-9]/g, function (digit) { return String.fromCharCode(zero + Number(digit)); });
      if (text !== node.textContent) { node.textContent = text; }
    }
    new MutationObserver(turn).observe(node, { childList: true });
    turn();
  });
}());
