// ---- The page: data, elements, words for numbers ---------------------------
//
// One gate: every string that reaches the page passes `neutral` on its way
// into a text node or an attribute. Nothing here writes markup.

const contentOf = (id) => document.getElementById(id).textContent;
const core = JSON.parse(contentOf("data-core"));
const made = document.getElementById("made");

/** A block that is packed: JSON in gzip in base 64. */
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(contentOf(id)), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Pairs and texts, once a view has needed them. */
let pairs = null;
let texts = null;
async function load(withTexts) {
  pairs ??= indexed(await unpacked("data-pairs"));
  if (withTexts) texts ??= await unpacked("data-texts");
}
function indexed({ pairs: list, reasons }) {
  const passage = ([aStart, aEnd, bStart, bEnd, tokens, identity, kind, reason]) =>
    ({ a: [aStart, aEnd], b: [bStart, bEnd], tokens, identity, kind, reason: reasons[reason] });
  for (const pair of list) pair.passages = pair.passages.map(passage);
  return { list, byKey: new Map(list.map((pair) => [keyOf(pair.a, pair.b), pair])) };
}

const lazily = (make) => {
  let value;
  return () => (value ??= make());
};
const textOf = (number) => {
  const place = core.documents[number].text;
  return place === undefined ? null : texts[place];
};
const twinOf = (number) => core.documents[number].twin ?? number;
const keyOf = (a, b) => (a < b ? `${a}-${b}` : `${b}-${a}`);

/** Clusters of each document, by their place. */
const clustersOf = lazily(() => {
  const places = new Map();
  core.clusters.forEach((cluster, place) => {
    for (const member of cluster.members) {
      if (!places.has(member.document)) places.set(member.document, []);
      places.get(member.document).push(place);
    }
  });
  return places;
});
const shareCluster = (a, b) => {
  const others = clustersOf().get(b) ?? [];
  return (clustersOf().get(a) ?? []).some((place) => others.includes(place));
};

const sourceOf = (number) => core.sources[core.documents[number].source];
const titleOf = (number) => core.documents[number].title ?? core.documents[number].opening ?? core.documents[number].id;

/**
 * Text that shows what it holds and changes nothing around it: characters
 * that turn the direction are written out, other invisible ones left out,
 * control characters replaced, towers of accents cut.
 */
function neutral(text) {
  if (/^[\n -~]*$/.test(text)) return text;
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)
    .replace(/[\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb]/g, "")
    .replace(/[\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu, "")
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, "\ufffd")
    .replace(/(\p{M}{8})\p{M}+/gu, "$1");
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, neutral(String(value)));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(neutral(String(child))));
  }
  return node;
}
const el = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** Text of the input inside a sentence, with a direction of its own. */
const bdi = (text) => el("bdi", null, text);
const link = (href, ...children) => el("a", { href }, children);
const documentLink = (number, text) => link(`#document/${number}`, bdi(text ?? titleOf(number)));

/** A link to an address of the input, if it is one of the web. */
function outward(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    // Not an address: shown as text.
  }
  if (url === null || !/^https?:$/.test(url.protocol)) return bdi(address);
  return el("a", { href: url.href, rel: "noopener noreferrer", target: "_blank" }, bdi(text ?? address));
}

const number = (value) => value.toLocaleString("en");
const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** Whole per cent that says 0% and 100% only of exactly that. */
function percent(ratio) {
  const rounded = Math.round(ratio * 100);
  if (ratio > 0 && rounded < 1) return "<1%";
  if (ratio < 1 && rounded >= 100) return ">99%";
  return `${rounded}%`;
}

/** A lag in its largest fitting unit. */
function lag(seconds) {
  const size = Math.abs(seconds);
  if (size < 120) return count(seconds, "second");
  if (size < 7200) return `${Math.trunc(seconds / 60)} min`;
  if (size < 172800) return `${Math.trunc(seconds / 3600)} h`;
  return `${number(Math.trunc(seconds / 86400))} days`;
}

/** A time of publication with the precision that it has. */
function published(document) {
  const text = document.published;
  if (!text) return "no time given";
  const minute = text.slice(0, 16).replace("T", " ");
  if (document.dated_by === "address") return `${text}, day in the address`;
  if (text.length === 10) return `${text}, day only`;
  return text.endsWith("Z") ? `${minute} UTC` : `${minute}, zone unknown`;
}

/** Says something to those who do not see it. */
const announce = (text) => {
  document.getElementById("status").textContent = neutral(text);
};
