// The questionnaire one question at a time; without it the same page is one form. What was said
// stays in the page's own fields: nothing is kept on the phone, and no order and no time is sent.
// Chromium 64: ES5 only.
(function () {
  "use strict";
  var form = document.getElementById("questionnaire");
  var steps = document.getElementById("steps");
  if (!form || !steps) { return; }
  var items = form.querySelectorAll(".item");
  var back = document.getElementById("back"), next = document.getElementById("next");
  var finish = document.getElementById("finish"), send = document.getElementById("send");
  var notNow = document.getElementById("not-now"), where = document.getElementById("where");
  var at = 0;

  function show(place, moves) {
    var i, isLast = place === items.length - 1;
    at = place;
    for (i = 0; i < items.length; i += 1) { items[i].hidden = i !== at; }
    back.hidden = at === 0;
    next.hidden = isLast;
    finish.hidden = !isLast;
    // A disabled button cannot be pressed by Enter in a field either.
    send.disabled = !isLast;
    notNow.hidden = at !== 0;
    where.textContent = (at + 1) + " / " + items.length;
    if (moves) {
      window.scrollTo(0, 0);
      items[at].focus();
    }
  }

  function start() { steps.hidden = false; show(0, false); }

  back.addEventListener("click", function () { show(at - 1, true); });
  next.addEventListener("click", function () { show(at + 1, true); });
  // "Back" after sending, or after the phone was given on, finds an empty form.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { form.reset(); start(); }
  });
  start();
})();
