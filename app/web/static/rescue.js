// For a phone that never reconnects: its answers as typed groups and as a QR code. What `encode`
// writes is read by core/rescue.py, where the layout is described. Chromium 64: ES5 only.
//
//   TafawutRescue.encode(shape, card, form, revision, answers) -> {text, groups, leftOut}
//     shape    [kind, number of options] per item in printed order; a short text has 0 options, an
//              item with rows has a third number: of rows, each with these options
//     card     its four digits, as the server gave them
//     form     the same text that the server decodes with
//     answers  per item: an array of letters, "dk" among them, or of placings like "1a"; a string
//              for a short text; or null
//     leftOut  places, from 1, of answers that are not in the text
//     RangeError for what cannot be a card, a revision, a shape, or has no room in one picture
//   TafawutRescue.qrMatrix(text) -> rows of 0 (light) and 1 (dark), without the quiet zone
//   TafawutRescue.drawQr(text, element) puts an SVG into the element; CSS gives it its size
//     RangeError for signs outside 0-9 A-Z space $ % * + - . / : and beyond version 10
var TafawutRescue = (function () {
  "use strict";

  var SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  var LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
  var MOST_TEXT_BYTES = 80;
  var MOST_GROUPS = 50;
  var HIGHEST_REVISION = 268435455;

  // ---- the text ----

  function utf8(text) {
    var octets = unescape(encodeURIComponent(text));
    var values = [];
    for (var i = 0; i < octets.length; i++) { values.push(octets.charCodeAt(i)); }
    return values;
  }

  function crc24(octets) {
    var rest = 0xB704CE;
    for (var i = 0; i < octets.length; i++) {
      rest ^= octets[i] << 16;
      for (var bit = 0; bit < 8; bit++) {
        rest <<= 1;
        if (rest & 0x1000000) { rest ^= 0x1864CFB; }
      }
    }
    return rest;
  }

  function choicesOf(kind, count) {
    if (kind === "short_text" ? count : !(count >= 1 && count <= LETTERS.length)) {
      throw new RangeError("shape");
    }
    var letters = LETTERS.slice(0, count);
    return kind === "likert" ? letters : letters.concat("dk");
  }

  function radixOf(kind, choices) {
    if (kind === "short_text") { return MOST_TEXT_BYTES + 1; }
    return kind === "multi_select" ? 1 << choices.length : 1 + choices.length;
  }

  // A field is [value, radix]. Null: the answer has to be left out.
  function textFields(answer, room, radix) {
    var octets;
    try {
      octets = utf8(answer);
    } catch (failure) {
      return null; // half of a pair of surrogates
    }
    if (octets.length > room) { return null; }
    var fields = [[octets.length, radix]];
    for (var i = 0; i < octets.length; i++) { fields.push([octets[i], 256]); }
    return fields;
  }

  function choiceFields(kind, choices, answer, radix) {
    var bits = 0;
    var last = 0;
    for (var i = 0; i < answer.length; i++) {
      last = choices.indexOf(answer[i]);
      if (last < 0) { return null; }
      bits |= 1 << last;
    }
    if (kind === "multi_select") { return [[bits, radix]]; }
    return bits & (bits - 1) ? null : [[1 + last, radix]];
  }

  // Whether "I do not know" stands there, then the column of each row from 1, or 0.
  function rowFields(columns, count, answer) {
    var fields = [[0, 2]];
    for (var row = 0; row < count; row++) { fields.push([0, 1 + columns.length]); }
    for (var i = 0; i < answer.length; i++) {
      var number = parseInt(answer[i], 10);
      var field = number ? fields[number] : answer[i] === "dk" && fields[0];
      var value = number ? 1 + columns.indexOf(answer[i].replace(/^\d+/, "")) : 1;
      if (!field || !value || field[0]) { return null; }
      field[0] = value;
    }
    return fields;
  }

  function revisionFields(revision) {
    var fields = [];
    while (revision > 127) {
      fields.push([revision % 128 + 128, 256]);
      revision = Math.floor(revision / 128);
    }
    fields.push([revision, 256]);
    return fields;
  }

  // The fields as one number, in digits of base 32, the first field and digit least significant.
  function digitsOf(fields) {
    var digits = [];
    for (var i = fields.length - 1; i >= 0; i--) {
      var carry = fields[i][0];
      for (var j = 0; j < digits.length; j++) {
        carry += digits[j] * fields[i][1];
        digits[j] = carry & 31;
        carry >>= 5;
      }
      for (; carry; carry >>= 5) { digits.push(carry & 31); }
    }
    return digits;
  }

  function groupOf(digits, start) {
    var isLast = start + 4 === digits.length;
    var four = digits.slice(start, start + 4);
    var values = [(1 + start / 4) % 16 + (isLast ? 16 : 0)].concat(four);
    var check = 0;
    for (var i = 0; i < 5; i++) {
      check = (check ^ values[i]) << 1;
      if (check & 32) { check ^= 37; }
    }
    return four.concat(check).map(function (digit) { return SIGNS.charAt(digit); }).join("");
  }

  function groupsOf(fields) {
    var digits = digitsOf(fields);
    var groups = [];
    while ((digits.length + 5) % 4) { digits.push(0); }
    var rest = crc24(digits);
    for (var i = 0; i < 5; i++) { digits.push(rest >> 5 * i & 31); }
    for (var start = 0; start < digits.length; start += 4) { groups.push(groupOf(digits, start)); }
    return groups;
  }

  function encode(shape, card, form, revision, answers) {
    var isRevision = revision >= 0 && revision <= HIGHEST_REVISION && revision % 1 === 0;
    if (!/^[0-9]{4}$/.test(card) || !isRevision || shape.length !== answers.length) {
      throw new RangeError("card, revision or answers");
    }
    var fields = [[1, 32], [Math.floor(card / 10), 1000], [crc24(utf8(form)) & 0xFFFFF, 0x100000]];
    fields = fields.concat(revisionFields(revision));
    var leftOut = [];
    var room = MOST_TEXT_BYTES;
    shape.forEach(function (item, place) {
      var kind = item[0];
      var choices = choicesOf(kind, item[1]);
      var radix = radixOf(kind, choices);
      var answer = answers[place];
      var isText = kind === "short_text";
      var columns = item[2] ? choices.slice(0, -1) : null;
      var nothing = columns ? rowFields(columns, item[2], []) : [[0, radix]];
      var found = nothing;
      if (answer && answer.length) {
        found = (typeof answer === "string") !== isText ? null
          : isText ? textFields(answer, room, radix)
          : columns ? rowFields(columns, item[2], answer)
          : choiceFields(kind, choices, answer, radix);
      }
      if (!found) { leftOut.push(place + 1); }
      else if (isText) { room -= found.length - 1; }
      fields = fields.concat(found || nothing);
    });
    var groups = groupsOf(fields);
    if (groups.length > MOST_GROUPS) { throw new RangeError("groups"); }
    return { text: "TAFAWUT " + groups.join(" "), groups: groups, leftOut: leftOut };
  }

  // ---- the QR code: ISO/IEC 18004, model 2, alphanumeric, level M, versions 1 to 10 ----

  var QR_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  // By version: codewords in all; blocks; check codewords in each block.
  var CODEWORDS = [0, 26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
  var BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
  var CHECKS = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26];

  var POWERS = [];
  var LOGARITHMS = [];
  for (var exponent = 0, power = 1; exponent < 255; exponent++) {
    POWERS[exponent] = power;
    LOGARITHMS[power] = exponent;
    power <<= 1;
    if (power & 256) { power ^= 285; }
  }

  function times(a, b) {
    return a && b ? POWERS[(LOGARITHMS[a] + LOGARITHMS[b]) % 255] : 0;
  }

  function pushBits(bits, value, count) {
    while (count--) { bits.push(value >> count & 1); }
  }

  // The rest of value · x^(degree of the generator) by the generator.
  function bitRest(value, generator, degree) {
    var rest = value << degree;
    for (var bit = 20; bit >= degree; bit--) {
      if (rest >> bit & 1) { rest ^= generator << (bit - degree); }
    }
    return rest;
  }

  function textBits(text, version) {
    var bits = [];
    pushBits(bits, 2, 4);
    pushBits(bits, text.length, version < 10 ? 9 : 11);
    for (var i = 0; i < text.length; i += 2) {
      var first = QR_SIGNS.indexOf(text.charAt(i));
      var second = QR_SIGNS.indexOf(text.charAt(i + 1));
      if (first < 0 || second < 0) { throw new RangeError("signs"); }
      if (i + 1 < text.length) { pushBits(bits, first * 45 + second, 11); }
      else { pushBits(bits, first, 6); }
    }
    return bits;
  }

  function capacity(version) {
    return CODEWORDS[version] - BLOCKS[version] * CHECKS[version];
  }

  function dataCodewords(bits, version) {
    var full = capacity(version) * 8;
    var codewords = [];
    pushBits(bits, 0, Math.min(4, full - bits.length));
    pushBits(bits, 0, -bits.length & 7);
    for (var fill = 236; bits.length < full; fill ^= 253) { pushBits(bits, fill, 8); }
    for (var i = 0; i < full; i += 8) {
      codewords.push(parseInt(bits.slice(i, i + 8).join(""), 2));
    }
    return codewords;
  }

  function checkCodewords(block, count) {
    var generator = [1];
    for (var i = 0; i < count; i++) {
      var next = generator.concat(0);
      for (var j = 0; j < generator.length; j++) { next[j + 1] ^= times(generator[j], POWERS[i]); }
      generator = next;
    }
    var rest = block.slice();
    for (i = 0; i < count; i++) { rest.push(0); }
    for (i = 0; i < block.length; i++) {
      var lead = rest[i];
      for (j = 0; j <= count; j++) { rest[i + j] ^= times(generator[j], lead); }
    }
    return rest.slice(block.length);
  }

  // Codewords of all blocks in turn; the later blocks may be one longer.
  function interleaved(columns) {
    var longest = columns[columns.length - 1].length;
    var mixed = [];
    for (var i = 0; i < longest; i++) {
      for (var j = 0; j < columns.length; j++) {
        if (i < columns[j].length) { mixed.push(columns[j][i]); }
      }
    }
    return mixed;
  }

  function allBits(text, version) {
    var codewords = dataCodewords(textBits(text, version), version);
    var count = BLOCKS[version];
    var blocks = [];
    var checks = [];
    for (var i = 0, start = 0; i < count; i++) {
      var length = Math.floor((codewords.length + i) / count);
      blocks.push(codewords.slice(start, start + length));
      checks.push(checkCodewords(blocks[i], CHECKS[version]));
      start += length;
    }
    var bits = [];
    interleaved(blocks).concat(interleaved(checks)).forEach(function (codeword) {
      pushBits(bits, codeword, 8);
    });
    return bits;
  }

  // A square of rings around a centre; cells outside the picture are left out.
  function putRings(rows, x, y, radius, isDarkAt) {
    for (var dy = -radius; dy <= radius; dy++) {
      for (var dx = -radius; dx <= radius; dx++) {
        var row = rows[y + dy];
        if (row && row[x + dx] !== undefined) {
          row[x + dx] = isDarkAt.charAt(Math.max(Math.abs(dx), Math.abs(dy))) === "1" ? 1 : 0;
        }
      }
    }
  }

  function putFormat(rows, mask) {
    var size = rows.length;
    var bits = (mask << 10 | bitRest(mask, 0x537, 10)) ^ 0x5412; // level M is 00
    for (var i = 0; i < 15; i++) {
      var bit = bits >> i & 1;
      var near = i < 6 ? i : i < 8 ? i + 1 : i < 9 ? 7 : 14 - i;
      if (i < 8) { rows[near][8] = rows[8][size - 1 - i] = bit; }
      else { rows[8][near] = rows[size - 15 + i][8] = bit; }
    }
    rows[size - 8][8] = 1;
  }

  function putVersion(rows, version) {
    if (version < 7) { return; }
    var bits = version << 12 | bitRest(version, 0x1F25, 12);
    for (var i = 0; i < 18; i++) {
      var a = Math.floor(i / 3);
      var b = rows.length - 11 + i % 3;
      rows[a][b] = rows[b][a] = bits >> i & 1;
    }
  }

  // Rows of null, with 0 and 1 where every text of this version has the same.
  function frame(version) {
    var size = 17 + 4 * version;
    var rows = [];
    for (var y = 0; y < size; y++) {
      rows.push([]);
      for (var x = 0; x < size; x++) { rows[y].push(y === 6 || x === 6 ? 1 - (x + y) % 2 : null); }
    }
    var end = size - 7;
    var centres = version < 2 ? [] : version < 7 ? [6, end] : [6, (end + 6) / 2, end];
    centres.forEach(function (cx) {
      centres.forEach(function (cy) {
        var isFinder = cx + cy === 12 || cx + cy === 6 + end && (cx === 6 || cy === 6);
        if (!isFinder) { putRings(rows, cx, cy, 2, "101"); }
      });
    });
    putRings(rows, 3, 3, 4, "11010");
    putRings(rows, size - 4, 3, 4, "11010");
    putRings(rows, 3, size - 4, 4, "11010");
    putFormat(rows, 0);
    putVersion(rows, version);
    return rows;
  }

  var MASKS = [
    function (x, y) { return (x + y) % 2; },
    function (x, y) { return y % 2; },
    function (x) { return x % 3; },
    function (x, y) { return (x + y) % 3; },
    function (x, y) { return (Math.floor(x / 3) + Math.floor(y / 2)) % 2; },
    function (x, y) { return x * y % 2 + x * y % 3; },
    function (x, y) { return (x * y % 2 + x * y % 3) % 2; },
    function (x, y) { return ((x + y) % 2 + x * y % 3) % 2; }
  ];

  function filled(version, bits, mask) {
    var rows = frame(version);
    var free = frame(version);
    var size = rows.length;
    var next = 0;
    for (var right = size - 1; right > 0; right -= 2) {
      if (right === 6) { right = 5; }
      for (var i = 0; i < 2 * size; i++) {
        var x = right - i % 2;
        var y = right + 1 & 2 ? i >> 1 : size - 1 - (i >> 1);
        if (free[y][x] === null) {
          rows[y][x] = (bits[next++] || 0) ^ (MASKS[mask](x, y) ? 0 : 1);
        }
      }
    }
    putFormat(rows, mask);
    return rows;
  }

  function penaltyOfLine(line) {
    var penalty = 0;
    (line.match(/0{5,}|1{5,}/g) || []).forEach(function (run) { penalty += run.length - 2; });
    ["00001011101", "10111010000"].forEach(function (eye) {
      for (var at = line.indexOf(eye); at >= 0; at = line.indexOf(eye, at + 1)) { penalty += 40; }
    });
    return penalty;
  }

  function penaltyOf(rows) {
    var size = rows.length;
    var penalty = 0;
    var dark = 0;
    for (var y = 0; y < size; y++) {
      var column = "";
      for (var x = 0; x < size; x++) {
        column += rows[x][y];
        dark += rows[y][x];
        var four = x && y && rows[y][x] + rows[y - 1][x] + rows[y][x - 1] + rows[y - 1][x - 1];
        if (x && y && four % 4 === 0) { penalty += 3; }
      }
      penalty += penaltyOfLine(rows[y].join("")) + penaltyOfLine(column);
    }
    return penalty + 10 * Math.floor(Math.abs(dark / size / size * 20 - 10));
  }

  function qrMatrix(text) {
    var version = 1;
    while (version < 11 && textBits(text, version).length > capacity(version) * 8) { version++; }
    if (version > 10) { throw new RangeError("length"); }
    var bits = allBits(text, version);
    var best = null;
    var least = Infinity;
    for (var mask = 0; mask < 8; mask++) {
      var rows = filled(version, bits, mask);
      var penalty = penaltyOf(rows);
      if (penalty < least) { best = rows; least = penalty; }
    }
    return best;
  }

  function svgElement(name, attributes) {
    var element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }

  // A screen reader has the groups; the picture says the same.
  function drawQr(text, element) {
    var rows = qrMatrix(text);
    var side = rows.length + 8;
    var path = "";
    rows.forEach(function (row, y) {
      row.forEach(function (cell, x) {
        if (cell) { path += "M" + (x + 4) + " " + (y + 4) + "h1v1h-1z"; }
      });
    });
    var svg = svgElement("svg", {
      viewBox: "0 0 " + side + " " + side,
      "shape-rendering": "crispEdges",
      "aria-hidden": "true",
      focusable: "false"
    });
    svg.appendChild(svgElement("rect", { width: side, height: side, fill: "#fff" }));
    svg.appendChild(svgElement("path", { d: path, fill: "#000" }));
    while (element.firstChild) { element.removeChild(element.firstChild); }
    element.appendChild(svg);
  }

  return { encode: encode, qrMatrix: qrMatrix, drawQr: drawQr };
})();
