/* The service worker of /v, on https alone: a square that is scanned without a network opens the page
   that checks signatures. It keeps that page and its two files; of a certificate it keeps nothing. */
"use strict";

var KEPT = "tafawut-verify-VERSION";
var PAGE = "/v/offline";
var SHELL = [PAGE, "/static/participant.css", "/static/offline.js"];

self.addEventListener("install", function (event) {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then(function (cache) { return cache.addAll(SHELL); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    var old = names.filter(function (name) { return name.indexOf("tafawut-verify-") === 0 && name !== KEPT; });
    return Promise.all(old.map(function (name) { return caches["delete"](name); }));
  }));
});

self.addEventListener("fetch", function (event) {
  var request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) { return; }
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(function () { return caches.match(PAGE, { ignoreVary: true }); }));
  } else if (SHELL.indexOf(address.pathname) > 0) {
    event.respondWith(fetch(request).catch(function () { return caches.match(address.pathname); }));
  }
});
