// The ways in: a card's token from the address, and typed digits that are checked on the phone at
// once, without the network. Nothing here keeps a form from being sent. Chromium 64: ES5 only.
(function () {
  "use strict";

  // The first sign of each script's digits: Latin, Arabic, Urdu, Devanagari, Bengali, full width.
  var ZEROS = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10];
  // Damm's table, the same as in app/core/codes.py: row = digit so far, column = next digit.
  var DAMM = [
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"
  ];
  // What a keyboard or a chat puts between digits; read_digits in codes.py knows the rest.
  var BETWEEN = /[\s.\u00ad\u00b7\u061c\u06d4\u2010-\u2015\u2022\u2027\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u2212\u30fb\ufeff-]/;

  // The digits in Latin, or null when anything else stands there.
  function digitsOf(typed) {
    var found = "", i, k, sign, digit;
    for (i = 0; i < typed.length; i += 1) {
      sign = typed.charAt(i);
      if (BETWEEN.test(sign)) { continue; }
      digit = -1;
      for (k = 0; k < ZEROS.length; k += 1) {
        if (sign.charCodeAt(0) >= ZEROS[k] && sign.charCodeAt(0) < ZEROS[k] + 10) {
          digit = sign.charCodeAt(0) - ZEROS[k];
        }
      }
      if (digit < 0) { return null; }
      found += digit;
    }
    return found;
  }

  function isChecked(digits) {
    var rest = 0, i;
    for (i = 0; i < digits.length; i += 1) { rest = Number(DAMM[rest].charAt(Number(digits.charAt(i)))); }
    return rest === 0;
  }

  function watch(field) {
    var wanted = Number(field.getAttribute("data-digits"));
    var said = document.getElementById(field.id + "-said");
    function judge(isLeft) {
      var digits = digitsOf(field.value), says = "";
      if (digits === null || digits.length > wanted) {
        says = "wrong";
      } else if (digits.length === wanted) {
        says = isChecked(digits) && !(wanted === 6 && digits.charAt(0) === "0") ? "" : "wrong";
      } else if (isLeft && digits) {
        says = "short";
      }
      says = says && said.getAttribute("data-" + says);
      // Said again only when it changes: a screen reader reads it each time it is set.
      if (said.textContent !== says) { said.textContent = says; }
      if (says) { field.setAttribute("aria-invalid", "true"); } else { field.removeAttribute("aria-invalid"); }
    }
    field.addEventListener("input", function () { judge(false); });
    field.addEventListener("change", function () { judge(true); });
  }

  var fields = document.querySelectorAll("[data-digits]"), place;
  for (place = 0; place < fields.length; place += 1) { watch(fields[place]); }

  // The token stands after "#" and never reaches the server by itself: put it into the form, and
  // suppress the field for the four digits.
  var form = document.getElementById("join");
  var byNumber = document.getElementById("by-number");
  var without = document.getElementById("without-card");

  function takeToken() {
    var token = window.location.hash.slice(1);
    var isToken = /^[A-Za-z0-9_-]{16,128}$/.test(token);
    form.elements.token.value = isToken ? token : "";
    byNumber.hidden = isToken;
    if (without) { without.hidden = isToken; }
  }

  if (form && byNumber) {
    takeToken();
    window.addEventListener("hashchange", takeToken);
    window.addEventListener("pageshow", takeToken);
  }
})();
