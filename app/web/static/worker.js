/* The service worker of /my, on https alone: an offline reload opens the test again. Never required.

   It keeps the test's document, which is the same for everybody, and one page that says there is no
   connection. Nothing else: no answer of the API, no page that was made for one person. */
"use strict";

var FILES = "tafawut-files-VERSION", TEST = "tafawut-test", PATIENCE_MS = 10000;
var AWAY = "/my/away";
var SHELL = [AWAY, "/static/participant.css", "/static/later.js", "/static/rescue.js"];

function isTest(address) { return /^\/my\/test\/[^/]+$/.test(new URL(address).pathname); }

/* The newest document alone, whatever its version: /my/test/<anything> asks for the current one. */
function keep(response) {
  var copy = response.ok && isTest(response.url) ? response.clone() : null;
  return !copy ? response : caches.open(TEST).then(function (cache) {
    return cache.put("/my/test/", copy);
  }).then(function () { return response; }, function () { return response; });
}

function kept(isWanted) {
  return (isWanted ? caches.open(TEST).then(function (cache) { return cache.match("/my/test/", { ignoreVary: true }); }) : Promise.resolve())
    .then(function (found) { return found || caches.match(AWAY, { ignoreVary: true }); });
}

/* From the network; when it fails, or says nothing for a while, from what is kept. */
function answer(request, orKept) {
  return new Promise(function (resolve, reject) {
    var asked = fetch(request).then(keep);
    function giveUp(error) {
      orKept().then(function (found) { if (found) { resolve(found); } else { asked.then(resolve, reject); } }, function () { reject(error); });
    }
    asked.then(resolve, giveUp);
    setTimeout(giveUp, PATIENCE_MS);
  });
}

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(FILES).then(function (cache) { return cache.addAll(SHELL); }));
});

/* What an older version kept is dropped, but for the test; a test that is open came before its worker. */
self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name !== FILES && name !== TEST && name.indexOf("tafawut-verify-") !== 0; }).map(function (name) { return caches["delete"](name); }));
  }).then(function () {
    return self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  }).then(function (tabs) {
    return Promise.all(tabs.filter(function (tab) { return isTest(tab.url); }).map(function (tab) {
      return fetch(tab.url, { credentials: "same-origin" }).then(keep);
    }));
  }));
});

self.addEventListener("fetch", function (event) {
  var request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) { return; }
  if (request.mode === "navigate") {
    event.respondWith(answer(request, function () { return kept(isTest(request.url)); }));
  } else if (SHELL.indexOf(address.pathname) > 0) {
    event.respondWith(answer(request, function () { return caches.match(address.pathname, { ignoreVary: true }); }));
  }
});
