// ---- Texts: marked, folded, side by side ------------------------------------

const FOLD_UNSHARED = 1_600;
const FOLD_SHARED = 30_000;

/** A stretch of text whose middle is folded where it is long. */
function stretch(text, limit) {
  if (text.length <= limit) return [text];
  const keep = Math.floor(limit / 3);
  const isHalf = (at) => /[\udc00-\udfff]/.test(text[at]);
  const from = keep - (isHalf(keep) ? 1 : 0);
  const to = text.length - keep + (isHalf(text.length - keep) ? 1 : 0);
  const hidden = text.slice(from, to);
  const button = el("button", { type: "button", class: "fold", click: () => button.replaceWith(document.createTextNode(neutral(hidden))) },
    `… show ${count(hidden.length, "more character")} …`);
  return [text.slice(0, from), button, text.slice(to)];
}

/**
 * `text` with `marks` ({ start, end, index, kind, changed }) as elements, each
 * with a button in front where it begins. Where marks overlap, a stretch
 * belongs to all of them and looks like the first.
 */
function marked(text, marks, label, jump) {
  const edges = [...new Set([0, text.length, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, at) => {
    const to = edges[at + 1];
    const covering = marks.filter((mark) => mark.start <= from && to <= mark.end);
    if (covering.length === 0) return stretch(text.slice(from, to), FOLD_UNSHARED);
    const [first] = covering;
    const handles = covering.filter((mark) => mark.start === from).map((mark) =>
      el("button", { type: "button", class: "handle", "data-index": mark.index, "aria-label": label(mark), click: (event) => {
        event.stopPropagation();
        jump(mark.index, true);
      } }, mark.index + 1));
    return el("span", {
      class: `passage kind-${first.kind}`,
      "data-indexes": ` ${covering.map((mark) => mark.index).join(" ")} `,
      click: () => getSelection().isCollapsed && jump(first.index, false),
    }, handles, changed(text, from, to, first));
  });
}

/** The text of a passage with the words marked that the other side lacks. */
function changed(text, from, to, mark) {
  const parts = [];
  let at = from;
  for (const [start, end] of mark.changed ?? []) {
    if (end <= from || start >= to) continue;
    if (start > at) parts.push(stretch(text.slice(at, start), FOLD_SHARED));
    parts.push(el(mark.side === 0 ? "del" : "ins", null, text.slice(Math.max(start, from), Math.min(end, to))));
    at = Math.min(end, to);
  }
  parts.push(stretch(text.slice(at, to), FOLD_SHARED));
  return parts;
}

function paneHeading(number, letter, remark) {
  const entry = core.documents[number];
  return el("header", null,
    el("p", { class: "who" }, letter && el("span", { class: "letter" }, letter), " ", el("strong", null, bdi(sourceOf(number))), " ", remark),
    el("h2", { dir: "auto" }, documentLink(number)),
    facts(published(entry), count(entry.tokens, "token")));
}

function noText() {
  return el("p", { class: "notice" }, core.text_note || "The text of this document was not at hand.");
}

/** Both documents side by side; `pair` is of `left` and `right` or of their twins. */
function sideBySide(left, right, pair, remarks) {
  const sides = [left, right];
  const isTurned = pair !== null && pair.a !== left;
  const whole = sides.map((number) => textOf(number));
  const passages = pair === null ? [] : pair.passages;
  const at = sides.map((number, side) => {
    if (whole[side] === null) return null;
    const spans = passages.map((passage) => ((side === 0) === isTurned ? passage.b : passage.a));
    const find = places(whole[side], core.documents[number].bytes, spans.flat());
    return spans.map(([start, end]) => [find(start) ?? 0, find(end) ?? 0]);
  });
  const changes = passages.map((passage, index) => {
    if (at[0] === null || at[1] === null || passage.identity === 1) return [[], []];
    const found = differences(...sides.map((_, side) => whole[side].slice(...at[side][index])));
    return found.map((list, side) => list.map(([start, end]) => [start + at[side][index][0], end + at[side][index][0]]));
  });
  const panes = [];
  const jump = (index, withFocus, to) => {
    const all = panes.flatMap((pane) => [...pane.querySelectorAll(".passage")]);
    for (const passage of all) passage.classList.toggle("active", passage.dataset.indexes.includes(` ${index} `));
    panes.forEach((pane, side) => {
      const handle = pane.querySelector(`.handle[data-index="${index}"]`);
      if (!handle || (to !== undefined && to !== side && !withFocus)) return;
      const body = pane.querySelector(".text");
      body.scrollTop += handle.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 4;
      if (withFocus && to === side) handle.focus({ preventScroll: false });
    });
    announce(`Passage ${index + 1} of ${passages.length}`);
  };
  sides.forEach((number, side) => {
    const marks = whole[side] === null ? [] : passages.map((passage, index) => {
      const [start, end] = at[side][index];
      return { start, end, index, side, kind: passage.kind, changed: changes[index][side] };
    }).filter((mark) => mark.start < mark.end);
    const label = (mark) => `Passage ${mark.index + 1}, ${KINDS[mark.kind]}: go to it in text ${"BA"[side]}`;
    const content = whole[side] === null ? noText() : el("div", { class: "text", tabindex: "0", role: "region", "aria-label": `Text ${"AB"[side]}`, dir: "auto" },
      marked(whole[side], marks, label, (index, withFocus) => jump(index, withFocus, 1 - side)));
    panes.push(el("section", { class: "pane", "aria-label": `Document ${"AB"[side]}` }, paneHeading(number, "AB"[side], remarks[side]), content));
  });
  return { node: el("div", { class: "panes" }, panes), jump: (index) => jump(index, true, 0) };
}

/** One document with what it repeats and credits. */
function oneText(number) {
  const text = textOf(number);
  if (text === null) return noText();
  const repeats = core.repeats.filter((repeat) => repeat.document === number);
  const credits = core.documents[number].credits ?? [];
  const spans = [...repeats.flatMap((repeat) => repeat.spans), ...credits.map((credit) => credit.span)];
  const find = places(text, core.documents[number].bytes, spans.flat());
  const marks = [
    ...repeats.flatMap((repeat, index) => repeat.spans.map(([start, end]) => ({ start: find(start), end: find(end), index, kind: "repeat" }))),
    ...credits.map((credit, at) => ({ start: find(credit.span[0]), end: find(credit.span[1]), index: repeats.length + at, kind: "credit" })),
  ];
  const body = el("div", { class: "text single", dir: "auto" });
  const jump = (index, withFocus) => {
    const handles = [...body.querySelectorAll(`.handle[data-index="${index}"]`)];
    const next = handles[(handles.indexOf(document.activeElement) + 1) % handles.length];
    for (const passage of body.querySelectorAll(".passage")) passage.classList.toggle("active", passage.dataset.indexes.includes(` ${index} `));
    if (withFocus) next.focus();
  };
  const label = (mark) => (mark.kind === "repeat" ? `Repeat ${mark.index + 1}: go to its next place` : "Credit");
  body.append(...marked(text, marks, label, jump).flat(Infinity).map((part) => (part instanceof Node ? part : document.createTextNode(neutral(part)))));
  return body;
}
