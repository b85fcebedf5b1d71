/* The test on a phone: one question at a time, and the outbox that never loses an answer.

   Put inline into the test's document, compressed once. ES5 syntax, Chrome 64 upwards; without it the
   same document is one long form. Contract: reliability.md I1 to I6. Rules kept here:
   - a tap is in IndexedDB (strict) before the screen says "on this phone", in a room's own network in
     localStorage as well; where the browser can seal (https) nothing readable is stored (decision 0019);
   - an operation is deleted only when the server's answer echoes its id, whatever the status says;
   - nothing believes navigator.onLine;
   - everything is kept by sitting, with the sitting's own token: the next person on this phone sees
     nothing of it, and it still arrives. */
(function () {
  "use strict";

  var BATCH = 100, BODY = 20000, WAIT_MS = 20000, FIRST_RETRY_MS = 800, LAST_RETRY_MS = 25000;
  var BEAT_MS = 30000, RESCUE_MS = 300000, TEXT_MS = 700, STORE_MS = 3000;

  var root = document.documentElement;
  var form = document.getElementById("test");
  var sections = toArray(document.querySelectorAll(".item"));
  var own = readOwn();
  if (!own || !window.fetch) { return; }

  var mine = own.sitting, device = newId().slice(0, 12);
  var top = 0;                 // the highest revision seen: a Lamport counter
  var answers = {};            // item -> {o: options, t: text, r: revision}
  var queue = {};              // key -> operation not yet echoed by the server
  var tokens = {};             // sitting -> token, also of those who had this phone before
  var finishes = {};           // sitting -> when Send was pressed, until there is a receipt
  var touched = {};            // items answered since the page opened
  var unkept = {};             // key -> 1 while a tap is put on this phone, 2 when that took too long or failed
  var hasAsked;                // whether the server has told what it has
  var isOver;                  // the test has ended; nothing more is taken
  var isLeaving;               // nothing more to do here: to the desk, once the rest is sent
  var isSending, hasEcho, isEmpty, isRefused, needsCard, retryTimer, stop;
  var failures = 0, endsAt = 0, at = 0;

  /* ---- small things ---- */

  function toArray(list) { return [].slice.call(list); }
  function by(id) { return document.getElementById(id); }
  function each(selector, act) { toArray(document.querySelectorAll(selector)).forEach(act); }
  function show(node, is) { node.hidden = !is; }

  function readOwn() {
    var found = /(?:^|;\s*)(?:__Secure-)?sitting=([^;]+)/.exec(document.cookie);
    var parts = found ? decodeURIComponent(found[1]).split(".") : [];
    if (parts.length < 5) { return null; }
    return { sitting: parts[0], token: parts.slice(0, 3).join("."), card: parts[3], test: parts[4] };
  }

  function newId() {
    var bytes = new Uint8Array(16), text = "", i;
    crypto.getRandomValues(bytes);
    for (i = 0; i < bytes.length; i += 1) { text += (256 + bytes[i]).toString(16).slice(1); }
    return text;
  }

  /* ---- what is kept on this phone: sealed in IndexedDB, or plain there and in localStorage ---- */

  /* Each opening of the page makes a key that scripts may use and none may read. It lies in each record
     that it seals: what is there can be opened, whichever tab wrote it, and goes with its key. */
  var subtle = isSecureContext && crypto.subtle;
  var making = subtle && subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  var line = Promise.resolve();  // sealing takes a moment: what is written keeps the order of the taps
  var tabs = window.BroadcastChannel && new BroadcastChannel("tafawut");

  function seal(value) {
    return !subtle ? value : making.then(function (key) {
      var iv = crypto.getRandomValues(new Uint8Array(12));
      return subtle.encrypt({ name: "AES-GCM", iv: iv }, key, new TextEncoder().encode(JSON.stringify(value))).then(function (sealed) {
        return { key: key, iv: iv, sealed: sealed };
      });
    });
  }

  function unseal(kept) {
    return !kept.sealed ? kept : subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, kept.key, kept.sealed).then(function (plain) {
      return JSON.parse(new TextDecoder().decode(plain));
    });
  }

  var mirror = {
    get: function (key) { try { return JSON.parse(localStorage.getItem(key)); } catch (e) { return null; } },
    put: function (key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (e) { return false; }
    },
    drop: function (key) { try { localStorage.removeItem(key); } catch (e) { /* refused: nothing was kept */ } },
    keys: function () { try { return Object.keys(localStorage); } catch (e) { return []; } }
  };

  /* Opened anew each time: what the browser has evicted meanwhile is made again. Never hangs. */
  function inDatabase(act, sealing) {
    return new Promise(function (resolve) {
      function refuse() { resolve(false); }
      setTimeout(refuse, STORE_MS);
      line = line.then(function () { return sealing; }).then(function (sealed) {
        var asked = indexedDB.open("tafawut", 1);
        asked.onupgradeneeded = function () { asked.result.createObjectStore("kept"); };
        asked.onerror = asked.onblocked = refuse;
        asked.onsuccess = function () {
          var transaction;
          try {
            transaction = asked.result.transaction("kept", "readwrite", { durability: "strict" });
            transaction.oncomplete = function () { resolve(true); };
            transaction.onerror = transaction.onabort = refuse;
            act(transaction.objectStore("kept"), sealed);
          } catch (e) { refuse(); }
          asked.result.close();
        };
      })["catch"](refuse);
    });
  }

  function keep(entries) {
    var keys = Object.keys(entries), sealing = Promise.all(keys.map(function (key) { return seal(entries[key]); }));
    var isMirrored = !subtle && keys.every(function (key) { return mirror.put(key, entries[key]); });
    unkept[keys[0]] = 1;
    return inDatabase(function (store, sealed) {
      keys.forEach(function (key, index) { store.put(sealed[index], key); });
      // Heard also when nobody waits for it any more: a slow disk is not one that keeps nothing.
      store.transaction.addEventListener("complete", function () {
        unkept[keys[0]] = 0;
        tell();
      });
    }, sealing).then(function (isStored) {
      if (!isStored && unkept[keys[0]]) { unkept[keys[0]] = isMirrored ? 0 : 2; }
    });
  }

  /* How far the worst of what is not yet at the server is from being kept here: 0, 1 or 2. */
  function howUnkept() {
    return pending(mine).concat(keyOf("finish")).reduce(function (worst, key) { return Math.max(worst, unkept[key] || 0); }, 0);
  }

  function forget(keys) {
    keys.forEach(mirror.drop);
    return inDatabase(function (store) { keys.forEach(function (key) { store["delete"](key); }); });
  }

  /* By key; null for what is there and cannot be read. */
  function everything() {
    var found = {}, keys, values;
    return inDatabase(function (store) {
      keys = store.getAllKeys();
      values = store.getAll();
    }).then(function (isRead) {
      return Promise.all(isRead ? values.result.map(function (kept, index) {
        return Promise.resolve(kept).then(unseal)["catch"](function () { return null; }).then(function (value) {
          found[keys.result[index]] = value;
        });
      }) : []);
    }).then(function () {
      mirror.keys().forEach(function (key) {
        var mirrored = key.indexOf("t/") ? null : mirror.get(key);
        if (mirrored && (!found[key] || mirrored.r > found[key].r)) { found[key] = mirrored; }
      });
      return found;
    });
  }

  /* Keys: t/<sitting>/token, /finish, /say, /op/<id>, /answer/<item>. */
  function keyOf(kind, name, sitting) {
    return "t/" + (sitting || mine) + "/" + kind + (typeof name === "string" ? "/" + name : "");
  }

  function takeUp(found) {
    var seen = {};
    Object.keys(found).forEach(function (key) {
      var parts = key.split("/"), sitting = parts[1], kind = parts[2], value = found[key];
      if (parts[0] !== "t") { return; }
      seen[sitting] = true;
      if (value === null && kind === "op" && sitting === mine) { isRefused = true; }
      if (!value) { return; }
      if (kind === "token") { tokens[sitting] = value; }
      if (kind === "finish") { finishes[sitting] = value; }
      if (kind === "op") { queue[key] = value; }
      if (sitting !== mine) { return; }
      top = Math.max(top, value.r || value.revision || 0);
      if (kind === "answer" && !touched[parts[3]]) { answers[parts[3]] = value; }
    });
    tokens[mine] = own.token;
    Object.keys(seen).forEach(function (sitting) {
      if (sitting !== mine && !isWaiting(sitting)) { wipe(sitting); }
    });
  }

  function wipe(sitting) {
    var start = keyOf("", null, sitting);
    function isIts(key) { return key.indexOf(start) === 0; }
    delete finishes[sitting];
    Object.keys(queue).filter(isIts).forEach(function (key) { delete queue[key]; });
    return everything().then(function (found) { return forget(Object.keys(found).filter(isIts)); });
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

  /* Some rows have an answer and others have none: said in the review, and no reason not to send. */
  function isPartly(section) {
    var chosen = readSection(section).o;
    return chosen.length > 0 && chosen.length < section.querySelectorAll(".row").length && chosen[0] !== "dk";
  }

  function answer(section) {
    var item = itemOf(section), said = readSection(section), id = newId(), entries = {}, key = keyOf("op", id);
    if (isOver) { return; }
    top += 1;
    touched[item] = true;
    answers[item] = { o: said.o, t: said.t, r: top };
    queue[key] = { id: id, item: item, revision: top, device: device, options: said.o, language: language(), at: Date.now() };
    if (said.t) { queue[key].text = said.t; }
    entries[key] = queue[key];
    entries[keyOf("answer", item)] = answers[item];
    entries[keyOf("token")] = own.token;
    if (tabs) { tabs.postMessage([mine, item, answers[item]]); }
    keep(entries).then(again);
    tell();
  }

  /* ---- sending ---- */

  function pending(sitting) {
    var start = keyOf("op", "", sitting);
    return Object.keys(queue).filter(function (key) { return key.indexOf(start) === 0; });
  }

  function isWaiting(sitting) { return pending(sitting).length || finishes[sitting]; }

  /* Own answers, then what others left on this phone, then the own Send; after a failure the next
     one, so that nobody's answers wait behind what the server does not take. */
  function nextSitting() {
    var waiting = Object.keys(tokens).filter(function (sitting) { return sitting !== mine && isWaiting(sitting); });
    if (pending(mine).length) { waiting.unshift(mine); } else if (finishes[mine]) { waiting.push(mine); }
    return waiting[failures % waiting.length];
  }

  /* Small enough for the server's limit, also when every sign takes three bytes. */
  function bodyOf(sitting) {
    var all = pending(sitting), now = Date.now();
    var batch = all.slice(0, BATCH).map(function (key) {
      var op = queue[key];
      op.age_ms = Math.min(Math.max(0, now - op.at), 604800000);
      return op;
    });
    while (batch.length > 1 && JSON.stringify(batch).length > BODY) { batch.length >>= 1; }
    return JSON.stringify({ operations: batch, finish: !!finishes[sitting] && batch.length === all.length }, function (name, value) {
      return name === "at" ? undefined : value;
    });
  }

  /* A request that hangs is ended: a few of them would fill the browser's line to the server. No
     keepalive: up to Chrome 80 it refuses our headers. */
  function ask(sitting, path, body) {
    stop = window.AbortController ? new AbortController() : null;
    var mayStop = stop;
    return Promise.race([
      fetch("/api/v1/sittings/" + sitting + path, {
        method: body ? "POST" : "GET", body: body, redirect: "error", credentials: "omit", cache: "no-store",
        signal: mayStop ? mayStop.signal : undefined,
        headers: { "Authorization": "Bearer " + tokens[sitting], "Content-Type": "application/json" }
      }).then(function (response) { return response.json(); }),
      new Promise(function (_, reject) {
        setTimeout(function () {
          reject();
          if (mayStop) { mayStop.abort(); }
        }, WAIT_MS);
      })
    ]);
  }

  function send(isBeat) {
    var sitting = nextSitting(), asked;
    if (isSending || !root.hasAttribute("data-ready")) { return; }
    clearTimeout(retryTimer);
    if (!sitting && hasAsked && isBeat !== true) {
      if (isLeaving) { location.replace("/my"); }
      return;
    }
    isSending = true;
    asked = sitting ? ask(sitting, "/operations", bodyOf(sitting)) : ask(mine, "/responses");
    asked.then(function (told) {
      isSending = false;
      return heard(sitting || mine, told || {}, !sitting);
    }).then(again, function () {
      isSending = false;
      tryLater();
      tell();
    });
  }

  function tryLater() {
    var wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * Math.pow(2, failures));
    failures += 1;
    if (isLeaving && (!howUnkept() || !pending(mine).length)) { location.replace("/my"); }
    clearTimeout(retryTimer);
    retryTimer = setTimeout(send, wait / 2 + Math.random() * wait / 2);
  }

  function again() {
    failures = 0;
    tell();
    send();
  }

  /* The network may be another one now: what hangs is given up. */
  function tryNow() {
    if (stop) { stop.abort(); }
    again();
  }

  /* What is echoed is saved, and only that. What can never be saved is said, never hidden. Throws
     when the answer settled nothing: whoever answered, it was not the service. */
  function heard(sitting, told, isAll) {
    var start = keyOf("op", "", sitting), gone = [], isOwn = sitting === mine;
    function settle(id) {
      var is = !!queue[start + id];
      if (is) { gone.push(start + id); }
      delete queue[start + id];
      return is;
    }
    (told.acknowledged || []).forEach(settle);
    hasEcho = hasEcho || (isOwn && gone.length > 0);
    (told.refused || []).forEach(function (refusal) {
      if (settle(refusal.id) && isOwn) { lost(refusal.code); }
    });
    if (isOwn) { needsCard = told.code === "sign_in_needed"; }
    if (isAll && told.chosen) { return adoptAll(told); }
    if (isOwn && told.acknowledged) { setEnd(told); }
    if ((told.unfinished || told).code === "nothing_answered") {
      delete finishes[sitting];
      gone.push(keyOf("finish", null, sitting));
      if (isOwn) {
        isEmpty = true;
        go(sections.length);
      }
    }
    if (told.code === "sitting_gone" || (told.receipt && !pending(sitting).length)) {
      if (isOwn && told.receipt) { isLeaving = hasAsked = true; }
      if (isOwn && !told.receipt) { lost(told.code); }
      return wipe(sitting);
    }
    if (!gone.length) { throw told; }
    return (isOwn && !isOver) || isWaiting(sitting) ? forget(gone) : wipe(sitting);
  }

  function setEnd(told) {
    endsAt = told.closes_in_seconds === undefined ? 0 : Date.now() + told.closes_in_seconds * 1000;
  }

  function lost(code) {
    if (/_(closed|gone)$/.test(code)) {
      isOver = hasAsked = true;
      delete finishes[mine];
    } else { isRefused = true; }
  }

  /* ---- what the screen says ---- */

  function tell() {
    var waiting = pending(mine).length, worst = howUnkept(), isAtEnd = at === sections.length, isFinishing = !!finishes[mine], name = "";
    if (waiting && worst === 2) { name = "failed"; }
    else if (needsCard) { name = "sign-in"; }
    else if (isOver) { name = "late"; }
    else if (isRefused) { name = "refused"; }
    else if (waiting) { name = worst ? "" : "phone"; }
    else if (hasEcho) { name = "saved"; }
    each("[data-state]", function (node) { show(node, node.getAttribute("data-state") === name); });
    show(by("waiting"), isFinishing);
    show(by("review"), !isFinishing);
    show(by("pin"), !(isAtEnd && isFinishing));
    show(by("safe"), worst < 2);
    show(by("empty"), isEmpty);
    show(by("over"), isOver);
    show(by("rescue-offer"), window.TafawutLater && Date.now() - finishes[mine] > RESCUE_MS);
    toArray(by("grid").children).forEach(function (cell, index) {
      var is = isAnswered(sections[index]), isHalf = isPartly(sections[index]);
      cell.className = is && !isHalf ? "cell done" : "cell";
      show(cell.children[1], !is);
      if (cell.children[2]) { show(cell.children[2], isHalf); }
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
    scrollTo(0, 0);
    target = isReview ? by("end-title") : sections[at].querySelector("legend,label");
    target.setAttribute("tabindex", "-1");
    target.focus();
  }

  function buildGrid() {
    var notes = document.querySelectorAll("#notes>small");
    sections.forEach(function (section, index) {
      var cell = document.createElement("button"), number = document.createElement("bdi");
      cell.type = "button";
      number.dir = "ltr";
      number.textContent = itemOf(section);
      cell.appendChild(number);
      toArray(notes).forEach(function (note) { cell.appendChild(note.cloneNode(true)); });
      cell.onclick = function () { go(index); };
      by("grid").appendChild(cell);
    });
  }

  function finish() {
    isEmpty = !sections.some(isAnswered);
    if (!isEmpty && !isOver) { setFinish(Date.now()).then(tryNow); }
    if (!window.TafawutLater) { loadLater(); }
    tell();
    by(isEmpty ? "empty" : "unsent").focus();
  }

  /* Kept as 0 when it is taken back: a mirror that came late to the disk must not send by itself. */
  function setFinish(moment) {
    var entries = {};
    finishes[mine] = moment;
    entries[keyOf("finish")] = moment;
    entries[keyOf("token")] = own.token;
    return keep(entries);
  }

  function countDown() {
    var left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    show(by("closing"), endsAt && !isOver);
    each("[data-left]", function (node) { node.textContent = Math.floor(left / 60) + ":" + (100 + left % 60 + "").slice(1); });
  }

  /* ---- what the server has, without what is newer here ---- */

  function adoptAll(told) {
    var isFirst = !hasAsked, isBehind = isFirst && told.next_revision > top + 1;
    hasAsked = true;
    if (told.state === "sent") {
      isLeaving = true;
      return wipe(mine);
    }
    top = Math.max(top, told.next_revision - 1);
    if (endsAt && told.closes_in_seconds === undefined && told.state === "submitted") { lost("sitting_closed"); }
    setEnd(told);
    sections.forEach(function (section) {
      if (!touched[itemOf(section)]) { adopt(section, told.chosen[itemOf(section)], isFirst); }
      // Tapped here before the other phone's counter was known: it is the newer one all the same.
      else if (isBehind) { answer(section); }
    });
    if (isFirst) {
      if (!at && !Object.keys(touched).length && Object.keys(answers).length) { go(firstOpen(), true); }
      loadLater();
    }
    return null;
  }

  function adopt(section, chosen, isFirst) {
    var item = itemOf(section), isText = section.querySelector("textarea");
    if (pending(mine).some(function (key) { return queue[key].item === item; })) { return; }
    if (!chosen) {
      // Shown here and not there: its operation could not be read. It is given again.
      if (isFirst && answers[item]) { answer(section); }
      return;
    }
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

  /* Fetched while there is a network: what it does is for when there is none. */
  function loadLater() {
    var script = document.createElement("script");
    script.src = "/static/later.js";
    document.body.appendChild(script);
  }

  /* ---- begin ---- */

  /* Somebody else has this phone now: nothing of this person is shown any more. */
  function shown(event) {
    var now = readOwn();
    if (document.hidden) { return; }
    if (now ? now.sitting !== mine : event.persisted) {
      document.body.hidden = isLeaving = hasAsked = true;
    } else if (now) { own.token = tokens[mine] = now.token; }
    again();
  }

  sections.forEach(function (section) {
    var timer = 0, rows = [];
    section.addEventListener("change", function (event) {
      var isUnknown = event.target.value === "dk" && event.target.checked;
      clearTimeout(timer);
      if (isUnknown) { rows = toArray(section.querySelectorAll(".row input:checked")); }
      // "I do not know" and a tick beside it are never both meant: the last one stands.
      toArray(section.querySelectorAll("input")).forEach(function (input) {
        if ((input.value === "dk") !== (event.target.value === "dk")) { input.checked = false; }
      });
      // Rows that it took away come back with the next tap: one slip must not cost ten answers.
      if (!isUnknown) {
        rows.forEach(function (row) {
          if (!section.querySelector('[name="' + row.name + '"]:checked')) { row.checked = true; }
        });
        rows = [];
      }
      answer(section);
    });
    section.addEventListener("input", function (event) {
      if (event.target.tagName !== "TEXTAREA") { return; }
      touched[itemOf(section)] = true;
      clearTimeout(timer);
      timer = setTimeout(function () { answer(section); }, TEXT_MS);
    });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    finish();
  });
  // Enter on a choice would press Send, which is not on the screen: a browser then does nothing.
  form.addEventListener("keydown", function (event) {
    if (event.keyCode !== 13 || event.target.tagName !== "INPUT") { return; }
    event.preventDefault();
    go(at + 1);
  });
  by("next").onclick = function () { go(at + 1); };
  by("back").onclick = function () { go(at - 1); };
  by("again").onclick = tryNow;
  by("change").onclick = function () {
    if (Date.now() - finishes[mine] < TEXT_MS) { return; }  // the second half of a double tap on Send
    setFinish(0);
    go(sections.length);
  };
  by("rescue-offer").onclick = function () { window.TafawutLater(sections, own, top); };
  each("[data-say]", function (button) { button.onclick = function () { say(button.getAttribute("data-say")); }; });
  window.addEventListener("online", tryNow);
  window.addEventListener("pageshow", shown);
  document.addEventListener("visibilitychange", shown);
  if (tabs) {
    tabs.onmessage = function (event) {
      if (event.data[0] !== mine) { return; }
      answers[event.data[1]] = event.data[2];
      top = Math.max(top, event.data[2].r);
      refill();
      tell();
    };
  }
  setInterval(countDown, 1000);
  setInterval(function () { if (!document.hidden) { send(true); } }, BEAT_MS);

  buildGrid();
  say(mirror.get(keyOf("say")) || language());
  go(0, true);
  everything().then(function (found) {
    var early = sections.filter(function (section) { return touched[itemOf(section)]; });
    takeUp(found);
    refill();
    early.forEach(answer);
    if (finishes[mine]) { go(sections.length, true); }
    else if (!early.length && Object.keys(answers).length) { go(firstOpen(), true); }
    root.setAttribute("data-ready", "");
    send();
  });
}());
