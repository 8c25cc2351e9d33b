// ---- Two texts: places, words that differ -----------------------------------
//
// Words are compared as the scan compares tokens: letters and digits, whatever
// their case. Windows of both sides are aligned by their longest common
// subsequence, O(window²) each, and the next begins behind the last run on
// which they agreed in the second half, else behind the window: so time is
// linear in the passage.

const WORD = /[\p{Ideographic}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
const WINDOW = 700;
const ANCHOR = 8;
const MAX_WORDS = 100_000;

/** Places in `text`, whose UTF-8 has so many `bytes`, of byte offsets. */
function places(text, bytes, offsets) {
  if (text.length === bytes) return (offset) => offset;
  const found = new Map();
  let byte = 0;
  let at = 0;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (byte < offset && at < text.length) {
      const code = text.codePointAt(at);
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      at += code < 0x10000 ? 1 : 2;
    }
    found.set(offset, at);
  }
  return (offset) => found.get(offset);
}

function words(text, numbers) {
  const found = [];
  for (const match of text.matchAll(WORD)) {
    if (found.length === MAX_WORDS) break;
    const word = match[0].normalize("NFKC").toLowerCase();
    if (!numbers.has(word)) numbers.set(word, numbers.size);
    found.push({ word: numbers.get(word), start: match.index, end: match.index + match[0].length });
  }
  return found;
}

/** Ranges of words that the other side lacks, in `a` and in `b`. */
function differences(a, b) {
  const numbers = new Map();
  const [left, right] = [words(a, numbers), words(b, numbers)];
  const [keptLeft, keptRight] = [new Uint8Array(left.length), new Uint8Array(right.length)];
  const table = new Uint16Array((WINDOW + 1) * (WINDOW + 1));
  let [x, y] = [0, 0];
  while (x < left.length && y < right.length) {
    if (left[x].word === right[y].word) {
      keptLeft[x++] = keptRight[y++] = 1;
      continue;
    }
    const matches = common(left, right, x, y, table);
    const isLast = x + WINDOW >= left.length && y + WINDOW >= right.length;
    const anchor = isLast ? 0 : anchorOf(matches, x, y);
    const kept = anchor || matches.length;
    for (const [atLeft, atRight] of matches.slice(0, kept)) keptLeft[atLeft] = keptRight[atRight] = 1;
    if (isLast) break;
    [x, y] = anchor ? [matches[kept - 1][0] + 1, matches[kept - 1][1] + 1] : [x + WINDOW, y + WINDOW];
  }
  return [ranges(left, keptLeft), ranges(right, keptRight)];
}

/** The words that a window of both sides has in common, in order. */
function common(left, right, x, y, table) {
  const width = Math.min(WINDOW, left.length - x);
  const height = Math.min(WINDOW, right.length - y);
  const row = height + 1;
  table.fill(0, 0, (width + 1) * row);
  for (let i = width - 1; i >= 0; i--) {
    for (let j = height - 1; j >= 0; j--) {
      table[i * row + j] = left[x + i].word === right[y + j].word
        ? table[(i + 1) * row + j + 1] + 1
        : Math.max(table[(i + 1) * row + j], table[i * row + j + 1]);
    }
  }
  const matches = [];
  for (let i = 0, j = 0; i < width && j < height;) {
    if (left[x + i].word === right[y + j].word) matches.push([x + i++, y + j++]);
    else if (table[(i + 1) * row + j] >= table[i * row + j + 1]) i++;
    else j++;
  }
  return matches;
}

/** How many matches reach to the end of the last long run far enough on; 0 if none does. */
function anchorOf(matches, x, y) {
  let run = 0;
  let until = 0;
  for (let at = 1; at < matches.length; at++) {
    const [[left, right], [leftBefore, rightBefore]] = [matches[at], matches[at - 1]];
    run = left === leftBefore + 1 && right === rightBefore + 1 ? run + 1 : 0;
    if (run >= ANCHOR && Math.max(left - x, right - y) > WINDOW / 2) until = at + 1;
  }
  return until;
}

function ranges(found, kept) {
  const list = [];
  found.forEach(({ start, end }, at) => {
    if (kept[at]) return;
    if (at > 0 && !kept[at - 1]) list[list.length - 1][1] = end;
    else list.push([start, end]);
  });
  return list;
}
