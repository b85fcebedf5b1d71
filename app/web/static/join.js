// The card's QR carries its token after "#", which never reaches the server by itself: put it into
// the form and hide the field for the four digits. Chromium 64: ES5 only.
(function () {
  "use strict";
  var form = document.getElementById("join");
  var byNumber = document.getElementById("by-number");
  if (!form || !byNumber) { return; }

  function takeToken() {
    var token = window.location.hash.slice(1);
    var isToken = /^[A-Za-z0-9_-]{16,128}$/.test(token);
    form.elements.token.value = isToken ? token : "";
    byNumber.hidden = isToken;
  }

  takeToken();
  window.addEventListener("hashchange", takeToken);
  window.addEventListener("pageshow", takeToken);
})();
