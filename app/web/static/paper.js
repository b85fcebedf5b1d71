// A sheet typed in one line: says which question the next key is for, and what is wrong at once.
// Without it the same line is read by the server, which decides in any case (core/paper.py).
(() => {
  "use strict";
  const form = document.getElementById("sheet");
  if (!form) return;
  const line = document.getElementById("typed");
  const where = document.getElementById("where");
  const wrong = document.getElementById("wrong");
  const read = document.getElementById("read");
  const LETTERS = "ABCDEFGHIJKLM";
  const DAMM = [
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
  ];
  const CLOSERS = "/\\,;،؛";
  const say = (said, facts) => said.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

  // The value of a decimal digit of any script, or -1: their digits stand in rows of ten.
  function digitOf(sign) {
    if (!/\p{Nd}/u.test(sign)) return -1;
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - value - 1))) value += 1;
    return value;
  }

  function asked() {
    const chosen = document.getElementById("occasion").selectedOptions[0];
    return chosen.dataset.asked.split(" ").map((part) => {
      const [number, most] = part.split(":");
      return { number, most: parseInt(most, 10), several: most.endsWith("+") };
    });
  }

  function placeOf(sign) {
    const digit = digitOf(sign);
    return digit < 0 ? LETTERS.indexOf(sign.normalize("NFKC").toUpperCase()) : digit - 1;
  }

  const isBlank = (sign) => /[\p{Zs}\p{Pd}]/u.test(sign);

  // What the line says so far: the parts, the item the next key is for, and the first fault.
  function parse(typed) {
    const signs = Array.from(typed);
    const state = { parts: [], item: null, fault: "", atCard: true, isWhole: false, isOpen: false, end: 0 };
    let digits = "";
    while (state.end < signs.length && digits.length < 4) {
      const digit = digitOf(signs[state.end]);
      if (digit >= 0) digits += digit;
      else if (/[\p{L}]/u.test(signs[state.end])) state.fault = wrong.dataset.card;
      state.end += 1;
    }
    if (digits.length < 4) return state;
    state.atCard = false;
    let rest = 0;
    for (const digit of digits) rest = Number(DAMM[rest][digit]);
    if (rest) { state.fault = wrong.dataset.card; return state; }
    const items = asked();
    let at = state.end;
    for (const [index, item] of items.entries()) {
      state.item = item;
      if (at >= signs.length) return state;
      if (isBlank(signs[at])) {
        at += item.several && CLOSERS.includes(signs[at + 1] || "none") ? 2 : 1;
        state.parts.push([item.number, "–"]);
        continue;
      }
      let letters = "";
      let isClosed = false;
      do {
        if (item.several && CLOSERS.includes(signs[at])) { at += 1; isClosed = true; break; }
        const place = placeOf(signs[at]);
        const facts = { number: item.number, sign: signs[at] };
        if (place < 0 || place >= item.most) { state.fault = say(wrong.dataset.letter, facts); return state; }
        if (letters.includes(LETTERS[place])) { state.fault = say(wrong.dataset.twice, facts); return state; }
        letters += LETTERS[place];
        at += 1;
      } while (item.several && at < signs.length);
      state.isOpen = item.several && !isClosed;
      state.parts.push([item.number, letters || "–"]);
      if (state.isOpen && index < items.length - 1) return state;
    }
    state.item = null;
    state.isWhole = true;
    if (signs.slice(at).join("").trim()) state.fault = wrong.dataset.more;
    return state;
  }

  function hint(state) {
    if (state.atCard) return where.dataset.card;
    if (!state.item) return where.dataset.whole;
    const { number, most, several } = state.item;
    const range = `${LETTERS[0]}–${LETTERS[most - 1]}`;
    const parts = [say(where.dataset.question, { number }), say(where.dataset.letters, { range })];
    if (several) parts.push(where.dataset.several);
    return parts.join(" · ");
  }

  function show() {
    const state = parse(line.value);
    where.textContent = hint(state);
    where.hidden = Boolean(state.fault);
    wrong.hidden = !state.fault;
    if (wrong.textContent !== state.fault) wrong.textContent = state.fault;
    read.hidden = !state.parts.length;
    read.replaceChildren(...state.parts.map(([number, letters]) => {
      const part = document.createElement("li");
      const run = document.createElement("bdi");
      const strong = document.createElement("strong");
      run.dir = "ltr";
      strong.textContent = letters;
      run.append(`${number} `, strong);
      part.append(run);
      return part;
    }));
  }

  function put(text) {
    const [from, to] = [line.selectionStart, line.selectionEnd];
    line.setRangeText(text, from, to, "end");
    show();
  }

  line.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const state = parse(line.value.slice(0, line.selectionStart));
    if (event.key === "Enter" && state.isOpen && state.item) {
      event.preventDefault();
      put("/");
    } else if (event.key === " " && !state.atCard) {
      event.preventDefault();
      put("-"); // seen, and never taken for a gap
    } else if (/^\p{L}$/u.test(event.key) && !/[a-z]/i.test(event.key) && /^Key[A-M]$/.test(event.code)) {
      event.preventDefault();
      put(event.code[3]); // the keyboard writes Urdu: the key counts, not its letter
    }
  });
  line.addEventListener("input", show);
  form.addEventListener("change", show);
  const old = document.getElementById("typed-error");
  line.addEventListener("input", () => { if (old) old.hidden = true; });
  show();
})();
