/* The test on a phone: one question at a time, and the outbox that never loses an answer.

   Put inline into the test's document, compressed once. ES5 syntax, Chrome 64 upwards; without it the
   same document is one long form. Contract: reliability.md I1 to I6. Rules kept here:
   - a tap is in IndexedDB (strict) and in localStorage before the screen says "on this phone";
   - an operation is deleted only when the server's answer echoes its id, whatever the status says;
   - nothing believes navigator.onLine;
   - everything is kept by sitting, with the sitting's own token: the next person on this phone sees
     nothing of it, and it still arrives. */
(function () {
  "use strict";

  var BATCH = 100, WAIT_MS = 20000, FIRST_RETRY_MS = 800, LAST_RETRY_MS = 30000;
  var BEAT_MS = 30000, RESCUE_MS = 300000, TEXT_MS = 700;

  var root = document.documentElement;
  var form = document.getElementById("test");
  var sections = toArray(document.querySelectorAll(".item"));
  var own = readOwn();
  if (!form || !own || !window.fetch || !window.Promise) { return; }

  var top = 0;                 // the highest revision seen: a Lamport counter
  var answers = {};            // item -> {o: options, t: text, r: revision}
  var queue = {};              // key -> operation not yet echoed by the server
  var tokens = {};             // sitting -> token, also of those who had this phone before
  var touched = {};            // items answered since the page opened
  var isKept = true;           // whether the last tap is on this phone
  var isSending = false, hasEcho = false, isFinishing = false, isOver = false;
  var failures = 0, retryTimer = 0, endsAt = 0, finishAt = 0;
  var at = 0;

  /* ---- small things ---- */

  function toArray(list) { return Array.prototype.slice.call(list); }
  function by(id) { return document.getElementById(id); }
  function each(selector, act) { toArray(document.querySelectorAll(selector)).forEach(act); }
  function show(node, is) { if (node) { node.hidden = !is; } }

  function readOwn() {
    var found = /(?:^|;\s*)(?:__Secure-)?sitting=([^;]+)/.exec(document.cookie);
    var parts = found ? decodeURIComponent(found[1]).split(".") : [];
    if (parts.length < 5) { return null; }
    return { sitting: parts[0], token: parts.slice(0, 3).join("."), card: parts[3], test: parts[4] };
  }

  function newId() {
    var bytes = new Uint8Array(16), text = "", i;
    window.crypto.getRandomValues(bytes);
    for (i = 0; i < bytes.length; i += 1) { text += (256 + bytes[i]).toString(16).slice(1); }
    return text;
  }

  function device() {
    var name = "tafawut-device", known = mirror.get(name);
    if (!known) { known = newId().slice(0, 12); mirror.put(name, known); }
    return known;
  }

  /* ---- what is kept on this phone: IndexedDB, mirrored in localStorage ---- */

  var mirror = {
    get: function (key) { try { return JSON.parse(window.localStorage.getItem(key)); } catch (e) { return null; } },
    put: function (key, value) {
      try { window.localStorage.setItem(key, JSON.stringify(value)); return true; } catch (e) { return false; }
    },
    drop: function (key) { try { window.localStorage.removeItem(key); } catch (e) { /* refused: nothing was kept */ } },
    all: function () {
      var found = {}, i, key;
      try {
        for (i = 0; i < window.localStorage.length; i += 1) {
          key = window.localStorage.key(i);
          if (key.indexOf("t/") === 0) { found[key] = mirror.get(key); }
        }
      } catch (e) { /* refused */ }
      return found;
    }
  };

  var database = new Promise(function (resolve) {
    var asked;
    try { asked = window.indexedDB.open("tafawut", 1); } catch (e) { resolve(null); return; }
    if (!asked) { resolve(null); return; }
    asked.onupgradeneeded = function () { asked.result.createObjectStore("kept"); };
    asked.onsuccess = function () { resolve(asked.result); };
    asked.onerror = asked.onblocked = function () { resolve(null); };
    window.setTimeout(function () { resolve(null); }, 3000);
  });

  function inDatabase(act) {
    return database.then(function (db) {
      if (!db) { return false; }
      return new Promise(function (resolve) {
        var transaction;
        try {
          transaction = db.transaction("kept", "readwrite", { durability: "strict" });
          act(transaction.objectStore("kept"));
        } catch (e) { resolve(false); return; }
        transaction.oncomplete = function () { resolve(true); };
        transaction.onerror = transaction.onabort = function () { resolve(false); };
      });
    });
  }

  function keep(entries) {
    var isMirrored = Object.keys(entries).every(function (key) { return mirror.put(key, entries[key]); });
    return inDatabase(function (store) {
      Object.keys(entries).forEach(function (key) { store.put(entries[key], key); });
    }).then(function (isStored) { return isStored || isMirrored; });
  }

  function forget(keys) {
    keys.forEach(mirror.drop);
    return inDatabase(function (store) { keys.forEach(function (key) { store["delete"](key); }); });
  }

  function everything() {
    return database.then(function (db) {
      if (!db) { return {}; }
      return new Promise(function (resolve) {
        var found = {}, asked;
        try { asked = db.transaction("kept").objectStore("kept").openCursor(); } catch (e) { resolve({}); return; }
        asked.onerror = function () { resolve(found); };
        asked.onsuccess = function () {
          var cursor = asked.result;
          if (!cursor) { resolve(found); return; }
          found[cursor.key] = cursor.value;
          cursor["continue"]();
        };
      });
    }).then(function (found) {
      var mirrored = mirror.all();
      Object.keys(mirrored).forEach(function (key) { if (!(key in found)) { found[key] = mirrored[key]; } });
      return found;
    });
  }

  /* Keys: t/<sitting>/token, /finish, /op/<id>, /answer/<item>. */
  function keyOf(kind, name, sitting) { return ["t", sitting || own.sitting, kind].concat(name || []).join("/"); }

  function takeUp(found) {
    Object.keys(found).forEach(function (key) {
      var parts = key.split("/"), value = found[key];
      if (parts[0] !== "t" || !value) { return; }
      if (parts[2] === "token") { tokens[parts[1]] = value; }
      if (parts[2] === "op") { queue[key] = value; }
      if (parts[1] !== own.sitting) { return; }
      if (parts[2] === "op" || parts[2] === "answer") { top = Math.max(top, value.r || value.revision || 0); }
      if (parts[2] === "answer") { answers[parts[3]] = value; }
      if (parts[2] === "finish") { isFinishing = true; finishAt = value; }
    });
    tokens[own.sitting] = own.token;
  }

  function wipe(sitting) {
    var start = keyOf("", null, sitting);
    Object.keys(queue).forEach(function (key) { if (key.indexOf(start) === 0) { delete queue[key]; } });
    return everything().then(function (found) {
      return forget(Object.keys(found).filter(function (key) { return key.indexOf(start) === 0; }));
    });
  }

  /* ---- answering ---- */

  function itemOf(section) { return section.id.slice(5); }

  function readSection(section) {
    var text = section.querySelector("textarea");
    if (text) { return { o: [], t: text.value || null }; }
    return { o: toArray(section.querySelectorAll("input:checked")).map(function (input) { return input.value; }), t: null };
  }

  function fill(section, answer) {
    var text = section.querySelector("textarea");
    if (text) { text.value = answer.t || ""; return; }
    toArray(section.querySelectorAll("input")).forEach(function (input) {
      input.checked = answer.o.indexOf(input.value) >= 0;
    });
  }

  function isAnswered(section) { var said = readSection(section); return !!(said.o.length || said.t); }

  function answer(section) {
    var item = itemOf(section), said = readSection(section), id = newId(), entries = {}, key = keyOf("op", id);
    if (isOver) { return; }
    top += 1;
    touched[item] = true;
    answers[item] = { o: said.o, t: said.t, r: top };
    queue[key] = { id: id, item: item, revision: top, device: device(), options: said.o, language: language(), at: Date.now() };
    if (said.t) { queue[key].text = said.t; }
    entries[key] = queue[key];
    entries[keyOf("answer", item)] = answers[item];
    entries[keyOf("token")] = own.token;
    keep(entries).then(function (is) { isKept = is; tell(); failures = 0; send(); });
  }

  /* ---- sending ---- */

  function pending(sitting) {
    var start = keyOf("op", "", sitting);
    return Object.keys(queue).filter(function (key) { return key.indexOf(start) === 0; });
  }

  function nextSitting() {
    var waiting = [own.sitting].concat(Object.keys(tokens)).filter(function (sitting) {
      return tokens[sitting] && pending(sitting).length;
    });
    return waiting[0] || (isFinishing ? own.sitting : null);
  }

  function bodyOf(keys, sitting) {
    var now = Date.now();
    var batch = keys.map(function (key) {
      var kept = queue[key], sent = {}, name;
      for (name in kept) { if (name !== "at") { sent[name] = kept[name]; } }
      sent.age_ms = Math.min(Math.max(0, now - kept.at), 604800000);
      return sent;
    });
    var isLast = sitting === own.sitting && isFinishing && keys.length === pending(sitting).length;
    return JSON.stringify({ operations: batch, finish: isLast });
  }

  function post(sitting, body) {
    var asked = window.fetch("/api/v1/sittings/" + sitting + "/operations", {
      method: "POST", body: body, redirect: "error", credentials: "omit", cache: "no-store", keepalive: true,
      headers: { "Authorization": "Bearer " + tokens[sitting], "Content-Type": "application/json" }
    }).then(function (response) {
      return response.json().then(function (told) { return { status: response.status, told: told || {} }; });
    });
    var late = new Promise(function (_, reject) { window.setTimeout(reject, WAIT_MS); });
    return Promise.race([asked, late]);
  }

  function send() {
    var sitting = nextSitting();
    if (isSending || !sitting) { return; }
    isSending = true;
    window.clearTimeout(retryTimer);
    post(sitting, bodyOf(pending(sitting).slice(0, BATCH), sitting)).then(function (answered) {
      isSending = false;
      return heard(sitting, answered);
    }).then(function () { tell(); }, function () {
      isSending = false;
      tryLater();
      tell();
    });
  }

  function tryLater() {
    var wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * Math.pow(2, failures));
    failures += 1;
    window.clearTimeout(retryTimer);
    retryTimer = window.setTimeout(send, wait / 2 + Math.random() * wait / 2);
  }

  function tryNow() { failures = 0; send(); }

  /* What is echoed is saved, and only that. What can never be saved is said, never hidden. */
  function heard(sitting, answered) {
    var told = answered.told, start = keyOf("op", "", sitting), gone = [], isOwn = sitting === own.sitting;
    (told.acknowledged || []).forEach(function (id) { if (queue[start + id]) { gone.push(start + id); } });
    hasEcho = hasEcho || (isOwn && gone.length > 0);
    (told.refused || []).forEach(function (refusal) {
      if (!queue[start + refusal.id]) { return; }
      gone.push(start + refusal.id);
      if (isOwn) { lost(refusal.code); }
    });
    gone.forEach(function (key) { delete queue[key]; });
    if (told.code === "sitting_gone") { return wipe(sitting).then(function () { if (isOwn) { lost(told.code); } }); }
    if (answered.status === 401 && told.code === "sign_in_needed") { state.signIn = isOwn; }
    if (isOwn && told.closes_in_seconds !== undefined) { endsAt = Date.now() + told.closes_in_seconds * 1000; }
    if (isOwn && told.receipt) { return wipe(sitting).then(function () { window.location.replace("/my"); }); }
    if (told.code === "nothing_answered" || (told.unfinished && told.unfinished.code === "nothing_answered")) {
      return forget([keyOf("finish")]).then(function () { isFinishing = false; state.empty = true; go(sections.length); });
    }
    if (!gone.length) { tryLater(); return null; }
    failures = 0;
    return forget(gone).then(send);
  }

  var state = { signIn: false, empty: false, late: false, refused: false };

  function lost(code) {
    if (code === "administration_closed" || code === "sitting_closed" || code === "sitting_gone") {
      isOver = true;
      state.late = true;
    } else { state.refused = true; }
  }

  /* ---- what the screen says ---- */

  function tell() {
    var waiting = pending(own.sitting).length, name = "";
    if (state.signIn) { name = "sign-in"; }
    else if (state.late) { name = "late"; }
    else if (state.refused) { name = "refused"; }
    else if (waiting && !isKept) { name = "failed"; }
    else if (waiting) { name = "phone"; }
    else if (hasEcho) { name = "saved"; }
    each("[data-state]", function (node) { show(node, node.getAttribute("data-state") === name); });
    show(by("waiting"), isFinishing && at === sections.length);
    show(by("sending"), isFinishing && !isOver);
    show(by("review"), !isFinishing);
    show(by("empty"), state.empty);
    show(by("over"), isOver);
    show(by("rescue-offer"), isFinishing && Date.now() - finishAt > RESCUE_MS);
    toArray(by("grid").children).forEach(function (cell, index) {
      var is = isAnswered(sections[index]);
      cell.className = is ? "cell done" : "cell";
      show(cell.lastChild, !is);
    });
  }

  function language() { return root.getAttribute("lang"); }

  function say(wanted) {
    root.className = "js say-" + wanted;
    if (wanted !== "both" && by("say-" + wanted)) {
      root.setAttribute("lang", wanted);
      root.setAttribute("dir", by("say-" + wanted).getAttribute("dir"));
    }
    each("[data-say]", function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-say") === wanted));
    });
    mirror.put(keyOf("say"), wanted);
    title();
  }

  function title() {
    var spoken = by("where").querySelector('[lang="' + language() + '"]');
    document.title = (spoken ? spoken.textContent : "") + " – Tafawut";
  }

  function go(index, isQuiet) {
    var isReview = index >= sections.length, target;
    at = Math.max(0, Math.min(index, sections.length));
    sections.forEach(function (section, number) { show(section, number === at); });
    show(by("end"), isReview);
    show(by("next"), !isReview);
    by("back").disabled = at === 0;
    each("[data-n]", function (node) { node.textContent = String(Math.min(at + 1, sections.length)); });
    show(by("where"), !isReview);
    title();
    tell();
    if (isQuiet) { return; }
    window.scrollTo(0, 0);
    target = isReview ? by("end-title") : sections[at].querySelector("legend,label");
    target.setAttribute("tabindex", "-1");
    target.focus();
  }

  function buildGrid() {
    var unanswered = by("unanswered");
    sections.forEach(function (section, index) {
      var cell = document.createElement("button"), number = document.createElement("bdi"), note = unanswered.cloneNode(true);
      cell.type = "button";
      number.dir = "ltr";
      number.textContent = itemOf(section);
      note.removeAttribute("id");
      cell.appendChild(number);
      cell.appendChild(note);
      cell.onclick = function () { go(index); };
      by("grid").appendChild(cell);
    });
  }

  function finish() {
    var entries = {};
    state.empty = !sections.some(isAnswered);
    if (state.empty || isOver) { tell(); return; }
    isFinishing = true;
    finishAt = Date.now();
    entries[keyOf("finish")] = finishAt;
    entries[keyOf("token")] = own.token;
    tell();
    by("safe").focus();
    keep(entries).then(tryNow);
  }

  function countDown() {
    var left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    show(by("closing"), endsAt > 0);
    each("[data-left]", function (node) { node.textContent = Math.floor(left / 60) + ":" + (100 + left % 60 + "").slice(1); });
  }

  /* ---- opening the page again: what the server has, without what is newer here ---- */

  function askServer() {
    window.fetch("/api/v1/sittings/" + own.sitting + "/responses", {
      credentials: "omit", cache: "no-store", redirect: "error", headers: { "Authorization": "Bearer " + own.token }
    }).then(function (response) { return response.json(); }).then(function (told) {
      if (!told || !told.chosen) { return; }
      if (told.state === "sent") { wipe(own.sitting).then(function () { window.location.replace("/my"); }); return; }
      top = Math.max(top, told.next_revision - 1);
      if (told.closes_in_seconds !== undefined) { endsAt = Date.now() + told.closes_in_seconds * 1000; }
      sections.forEach(function (section) { adopt(section, told.chosen[itemOf(section)]); });
      tell();
    }, function () { /* no network: what is on this phone is shown */ });
  }

  function adopt(section, chosen) {
    var item = itemOf(section), isText = section.querySelector("textarea"), isWaiting;
    isWaiting = pending(own.sitting).some(function (key) { return queue[key].item === item; });
    if (!chosen || isWaiting || touched[item]) { return; }
    hasEcho = true;
    answers[item] = { o: isText ? [] : chosen, t: isText ? chosen[0] : null, r: top };
    fill(section, answers[item]);
  }

  function refill() {
    sections.forEach(function (section) { if (answers[itemOf(section)]) { fill(section, answers[itemOf(section)]); } });
  }

  function firstOpen() {
    var open = sections.filter(function (section) { return !isAnswered(section); });
    return open.length ? sections.indexOf(open[0]) : sections.length;
  }

  /* ---- rescue: by hand, when the network never comes back ---- */

  function shapeOf(section) {
    var options = section.querySelectorAll("input:not([value=dk])");
    if (section.querySelector("textarea")) { return ["short_text", 0]; }
    return [options[0].type === "checkbox" ? "multi_select" : "single_choice", options.length];
  }

  function rescue() {
    var script = document.createElement("script");
    script.src = "/static/rescue.js";
    script.onload = function () {
      var code = window.TafawutRescue.encode(sections.map(shapeOf), own.card, own.test, top, sections.map(function (section) {
        var said = readSection(section);
        return said.t || (said.o.length ? said.o : null);
      }));
      window.TafawutRescue.drawQr(code.text, by("rescue-square"));
      by("rescue-groups").textContent = code.groups.join(" ");
      show(by("rescue"), true);
      by("rescue-title").focus();
    };
    document.body.appendChild(script);
  }

  /* ---- begin ---- */

  sections.forEach(function (section) {
    var timer = 0;
    section.addEventListener("change", function () { window.clearTimeout(timer); answer(section); });
    section.addEventListener("input", function (event) {
      if (event.target.tagName !== "TEXTAREA") { return; }
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { answer(section); }, TEXT_MS);
    });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (at < sections.length) { go(at + 1); } else { finish(); }
  });
  by("next").onclick = function () { go(at + 1); };
  by("back").onclick = function () { go(at - 1); };
  by("again").onclick = tryNow;
  by("change").onclick = function () {
    isFinishing = false;
    forget([keyOf("finish")]);
    go(sections.length);
  };
  by("rescue-offer").onclick = rescue;
  each("[data-say]", function (button) { button.onclick = function () { say(button.getAttribute("data-say")); }; });
  window.addEventListener("online", tryNow);
  window.addEventListener("pageshow", tryNow);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { tryNow(); } });
  window.addEventListener("storage", function (event) {
    var parts = (event.key || "").split("/");
    if (parts[1] === own.sitting && parts[2] === "answer" && event.newValue) {
      answers[parts[3]] = JSON.parse(event.newValue);
      top = Math.max(top, answers[parts[3]].r);
      refill();
      tell();
    }
  });
  window.setInterval(countDown, 1000);
  window.setInterval(function () {
    if (document.hidden || isSending || nextSitting()) { return; }
    post(own.sitting, '{"operations":[]}').then(function (answered) { return heard(own.sitting, answered); })["catch"](function () { /* said when there is something to say */ });
  }, BEAT_MS);

  buildGrid();
  say(mirror.get(keyOf("say")) || language());
  go(0, true);
  everything().then(function (found) {
    takeUp(found);
    refill();
    go(isFinishing ? sections.length : Object.keys(answers).length ? firstOpen() : at, true);
    root.setAttribute("data-ready", "");
    askServer();
    send();
  });
}());
