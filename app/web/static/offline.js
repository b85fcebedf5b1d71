// Checks a certificate's square on this device: what it carries is read, its signature compared with
// our key, and a typed name with its digest. It asks nobody. The form works without it, at the server.
(() => {
  "use strict";
  const form = document.getElementById("square");
  const field = document.getElementById("text");
  const name = document.getElementById("name");
  const states = document.querySelectorAll("[data-state]");
  const matches = document.querySelectorAll("[data-match]");
  const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const bytesOf = text => new TextEncoder().encode(text);
  const joined = (...parts) => new Uint8Array([].concat(...parts.map(part => Array.from(part))));

  if (navigator.serviceWorker && window.isSecureContext) {
    navigator.serviceWorker.register("/v/worker.js", { scope: "/v/" }).catch(() => {});
  }

  function show(state, match) {
    for (const each of states) each.hidden = each.dataset.state !== state;
    for (const each of matches) each.hidden = each.dataset.match !== match;
    document.getElementById("facts").hidden = state !== "signed";
  }

  function readText(text) {
    const values = [];
    for (const sign of text.toUpperCase().replace(/[\s-]/g, "")) {
      const value = signs.indexOf(sign.replace(/[IL]/, "1").replace("O", "0"));
      if (value < 0) return null;
      values.push(value);
    }
    const size = Math.floor(values.length * 5 / 8), spare = values.length * 5 - size * 8;
    if (size <= 64 || spare > 4 || values[values.length - 1] & (1 << spare) - 1) return null;
    const told = [];
    let held = 0, count = 0;
    for (const value of values) {
      held = (held << 5 | value) & 4095;
      count += 5;
      if (count >= 8) { count -= 8; told.push(held >> count & 255); }
    }
    return { content: told.slice(0, size - 64), signature: told.slice(size - 64, size) };
  }

  function checkSign(body) {
    let total = 0;
    for (const value of body) { total = (total ^ value) << 1; if (total & 32) total ^= 37; }
    return signs[total];
  }

  function unpack(content) {
    let place = 0;
    const take = count => content.slice(place, place += count);
    const number = count => take(count).reduce((sum, part) => sum * 256 + part, 0);
    const day = days => new Date(Date.UTC(2000, 0, 1 + days));
    const words = () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(take(number(1))));
    if (number(1) !== 1) return null;
    const facts = { key: take(4) };
    let value = number(7);
    if (value >= Math.pow(2, 50)) return null;
    const body = [];
    for (let each = 0; each < 10; each++) { body.unshift(value % 32); value = Math.floor(value / 32); }
    facts.number = body.map(part => signs[part]).join("") + checkSign(body);
    facts.edition = number(2);
    facts.first = day(number(2));
    facts.last = day(number(2));
    facts.attended = number(2);
    facts.isSpecimen = number(1) === 1;
    facts.salt = take(8);
    facts.digests = [take(10), take(10)];
    facts.title = words();
    facts.place = words();
    facts.held = Math.round((facts.last - facts.first) / 86400000) + 1;
    return place === content.length ? facts : null;
  }

  // The same as core/text.py: what two spellings of one name have in common.
  const same = { "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9" };
  for (const sign of "\u0629\u06be\u06c0\u06c1\u06c2\u06c3\u06d5") same[sign] = "\u0647";
  const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66];
  const apostrophes = "'`\u00b4\u02bb\u02bc\u02be\u02bf\u2018\u2019\u201b\uff07\u0640";
  function matchedAs(sign) {
    const code = sign.codePointAt(0);
    if (apostrophes.includes(sign)) return "";
    if (/[\t\n\r\p{P}\p{S}\p{Z}]/u.test(sign)) return " ";
    const isArabic = code >= 0x600 && code <= 0x6ff || code >= 0x750 && code <= 0x77f || code >= 0x890 && code <= 0x8ff;
    if (/\p{C}/u.test(sign) || isArabic && /\p{Mn}/u.test(sign)) return "";
    for (const zero of zeros) if (code >= zero && code < zero + 10) return String(code - zero);
    return same[sign] || sign;
  }
  function nameKey(typed) {
    const fold = text => text.toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");
    const folded = fold(typed.normalize("NFKD")).normalize("NFKD");
    return Array.from(folded, matchedAs).join("").normalize("NFKC").split(/\s+/).filter(Boolean).join(" ");
  }
  document.nameKey = nameKey;

  async function sha256(bytes) { return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)); }
  const isSame = (left, right) => left.every((each, place) => each === right[place]);

  async function matchOf(facts, typed) {
    const key = nameKey(typed);
    if (!key) return "not_asked";
    const digest = await sha256(joined(bytesOf("tafawut name\0"), facts.salt, bytesOf(key)));
    return facts.digests.some(each => isSame(each, digest)) ? "match" : "no_match";
  }

  function fill(facts) {
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const told = {
      title: facts.title, place: facts.place, first: day.format(facts.first), last: day.format(facts.last),
      attended: facts.attended, held: facts.held, number: facts.number, edition: facts.edition
    };
    for (const each of document.querySelectorAll("[data-fill]")) each.textContent = told[each.dataset.fill];
    document.getElementById("specimen").hidden = !facts.isSpecimen;
    document.getElementById("register").href = "/v/" + facts.number + "?edition=" + facts.edition;
  }

  // Which state the square is in; throws where this browser has no Ed25519.
  async function check(told, typed) {
    const line = told.replace(/\s/g, "");
    const found = /^(?:.*\/[vV]\/([0-9A-Za-z]{11})[^#]*#)?([^#]+)$/.exec(line);
    let read = null, facts = null;
    try { read = found && readText(found[2]); facts = read && unpack(read.content); } catch (failure) { facts = null; }
    if (!facts) return { state: "unreadable", match: "not_asked" };
    const raw = new Uint8Array(form.dataset.key.match(/../g).map(each => parseInt(each, 16)));
    const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    if (!isSame(facts.key, await sha256(raw))) return { state: "unknown_key", match: "not_asked" };
    const message = joined(bytesOf("tafawut certificate\0"), read.content);
    const isOwn = await crypto.subtle.verify("Ed25519", key, new Uint8Array(read.signature), message);
    const canonical = found[1] && found[1].toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
    if (!isOwn || canonical && canonical !== facts.number) return { state: "altered", match: "not_asked" };
    return { state: "signed", match: await matchOf(facts, typed), facts };
  }

  async function look() {
    const result = await check(field.value, name.value);
    if (result.facts) fill(result.facts);
    show(result.state, result.match);
    document.getElementById("said").scrollIntoView();
  }

  const cannot = document.getElementById("cannot");
  form.addEventListener("submit", event => {
    if (form.dataset.atServer) return;
    event.preventDefault();
    look().catch(() => {
      cannot.hidden = false;
      form.dataset.atServer = "yes";
      form.submit();
    });
  });
  // A scanned square that found no network opens this page in its own place.
  if (location.hash.length > 100 && !field.value) {
    field.value = location.href;
    look().catch(() => { cannot.hidden = false; });
  }
})();
