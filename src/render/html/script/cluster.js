// ---- One cluster: time line, derivation, pairs ------------------------------

const MAX_NODES = 150;
const MAX_TRACKS = 60;
const MINUTE = 60;
const DAY = 86400;
const TICKS = [0, 15 * MINUTE, 3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 365 * DAY, 730 * DAY, 1826 * DAY, 3652 * DAY];
const CROWDED = 0.14;

/** Seconds → share of the axis; stragglers far behind bend it. */
function axis(times) {
  const first = Math.min(...times.map(([start]) => start));
  const last = Math.max(...times.map(([, end]) => end));
  const span = Math.max(last - first, MINUTE);
  const lags = times.map(([start]) => start - first).sort((a, b) => a - b);
  const middle = lags[Math.floor(lags.length / 2)];
  const isBent = span > 20 * Math.max(middle, MINUTE);
  const unit = Math.max(middle, 10 * MINUTE);
  const at = (second) => {
    const passed = Math.max(0, second - first);
    return isBent ? Math.log1p(passed / unit) / Math.log1p(span / unit) : passed / span;
  };
  const ticks = [];
  for (const tick of TICKS) {
    const share = at(first + tick);
    if (share > 1) break;
    if (ticks.length === 0 || share - ticks[ticks.length - 1].share >= CROWDED) ticks.push({ tick, share });
  }
  return { first, at, ticks, isBent };
}

const place = (share) => `${(2 + 95 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;

function track(document, role, at, ticks) {
  const drawing = svg("svg", { class: "track", height: 18, "aria-hidden": "true" },
    ticks.map(({ share }) => svg("line", { class: "tick", x1: place(share), x2: place(share), y1: 0, y2: 18 })));
  if (!document.time) return drawing;
  const [start, end] = document.time;
  if (end - start > MINUTE) {
    const width = `${Math.max(1, 95 * (Math.min(1, at(end)) - at(start))).toFixed(2)}%`;
    drawing.append(svg("rect", { class: `stamp role-${role}`, x: place(at(start)), width, y: 5, height: 8, rx: 4 }));
  } else {
    const isLocal = !document.published.endsWith("Z");
    drawing.append(svg("circle", { class: `stamp role-${role}${isLocal ? " hollow" : ""}`, cx: place(at(start)), cy: 9, r: 5 }));
  }
  return drawing;
}

function timeline(cluster) {
  const members = [...cluster.members].sort((a, b) =>
    compare(core.documents[a.document].time?.[0], core.documents[b.document].time?.[0], 1) || a.document - b.document);
  const times = members.map((member) => core.documents[member.document].time).filter(Boolean);
  if (times.length === 0) return el("p", { class: "aside" }, "No document of this cluster says when it was published.");
  const { at, ticks, isBent } = axis(times);
  const row = (member) => {
    const document = core.documents[member.document];
    return el("tr", null,
      el("th", { scope: "row" }, documentLink(member.document, cluster.sources > 1 ? sourceOf(member.document) : titleOf(member.document))),
      el("td", { class: "tracks" }, track(document, member.role, at, ticks)),
      el("td", { class: "when" }, published(document)));
  };
  const scale = el("tr", { class: "scale", "aria-hidden": "true" }, el("td"), el("td", { class: "tracks" },
    svg("svg", { class: "track", height: 18 }, ticks.map(({ tick, share }) =>
      svg("text", { x: place(share), y: 13, "text-anchor": share > 0.9 ? "end" : "middle" }, tick === 0 ? "first" : `+${tickName(tick)}`)))), el("td"));
  const body = el("tbody", null, members.slice(0, MAX_TRACKS).map(row));
  const table = el("table", { class: "timeline" },
    el("thead", { class: "unseen" }, el("tr", null, ["Document", "Place in time", "Published"].map((name) => el("th", { scope: "col" }, name)))),
    body, el("tfoot", null, scale));
  const rest = members.slice(MAX_TRACKS);
  const more = rest.length > 0 && moreButton(rest.length, () => body.append(...rest.map(row)));
  const remark = "A dot is a time, a hollow one a time without a zone, a bar a day that is all the source says.";
  return [el("div", { class: "scroll", role: "region", "aria-label": "Time line", tabindex: "0" }, table), more,
    el("p", { class: "aside" }, remark, isBent ? " The axis is compressed towards the end." : "")];
}

function tickName(seconds) {
  if (seconds < 3600) return `${seconds / MINUTE} min`;
  if (seconds < DAY) return `${seconds / 3600} h`;
  if (seconds < 28 * DAY) return `${seconds / DAY} d`;
  return seconds < 365 * DAY ? `${Math.round(seconds / DAY / 7)} wk` : `${Math.round(seconds / DAY / 365)} y`;
}

function moreButton(left, add) {
  const button = el("button", { type: "button", class: "more", click: () => {
    button.remove();
    add();
  } }, `Show ${count(left, "more document")}`);
  return button;
}

/** Members below the document that each most likely derives from. */
function derivation(cluster) {
  const members = new Map(cluster.members.map((member) => [member.document, member]));
  const children = new Map();
  const roots = [];
  for (const member of cluster.members) {
    const isRoot = member.parent === null || !members.has(member.parent) || member.parent === member.document;
    if (!isRoot && !children.has(member.parent)) children.set(member.parent, []);
    (isRoot ? roots : children.get(member.parent)).push(member);
  }
  const byTime = (a, b) => compare(core.documents[a.document].time?.[0], core.documents[b.document].time?.[0], 1) || a.document - b.document;
  let left = MAX_NODES;
  const branch = (list) => {
    const sorted = [...list].sort(byTime);
    const shown = sorted.slice(0, Math.max(1, left));
    left -= shown.length;
    const items = el("ul", { class: "tree" }, shown.map(item));
    const rest = sorted.slice(shown.length);
    if (rest.length === 0) return items;
    return [items, moreButton(rest.length, () => {
      left = Infinity;
      items.append(...rest.map(item));
    })];
  };
  const item = (member) => el("li", null, node(cluster, member), children.has(member.document) ? branch(children.get(member.document)) : null);
  return branch(roots);
}

function node(cluster, member) {
  const document = core.documents[member.document];
  const isFirst = member.role === "origin" || cluster.representative === member.document;
  const against = member.parent ?? (isFirst ? null : cluster.representative);
  const parent = member.parent === null ? null : core.documents[member.parent];
  const isTimed = parent?.published?.length > 10 && document.published?.length > 10 && parent.published.endsWith("Z") === document.published.endsWith("Z");
  const passed = isTimed ? document.time[0] - parent.time[0] : null;
  const isPart = member.share > 0 && against !== null;
  return el("div", { class: "node" },
    el("p", { class: "who" }, el("strong", null, bdi(sourceOf(member.document))), " ", roleBadge(member.role), " ", creditBadge(member), document.against && [" ", el("span", { class: "badge" }, "other side")]),
    el("p", { class: "what", dir: "auto" }, documentLink(member.document)),
    facts(
      published(document),
      passed !== null && passed >= 0 && `${lag(passed)} after`,
      isPart && `${percent(member.share)} of it ${member.parent === null ? "as in the most typical" : "copied"}`,
      document.credits?.length > 0 && ["credits ", document.credits.slice(0, 3).map((credit, at) => [at > 0 ? ", " : "", bdi(`“${credit.text}”`)])],
      against !== null && el("a", { href: `#pair/${against}/${member.document}`, "aria-label": `Compare ${titleOf(member.document)} with ${titleOf(against)}` }, "Compare")));
}

function originBox(cluster) {
  const { origin } = cluster;
  const told = [];
  if (origin.document !== null) told.push(el("p", { class: "answer" }, el("strong", null, bdi(sourceOf(origin.document))), " had it first: ", documentLink(origin.document)));
  else if (origin.outside) told.push(el("p", { class: "answer" }, "From ", el("strong", null, bdi(origin.agency ?? origin.source)), ", not in this collection."));
  else told.push(el("p", { class: "answer" }, "Undetermined."));
  return el("section", { class: "box", "aria-labelledby": "origin" },
    el("h2", { id: "origin" }, "Origin"), told,
    facts(origin.agency && ["agency ", bdi(origin.agency)], origin.confidence > 0 && `confidence ${percent(origin.confidence)}`),
    evidenceList(origin.evidence));
}

function pairsOf(cluster) {
  const inside = new Set(cluster.members.map((member) => twinOf(member.document)));
  return pairs.list.filter((pair) => inside.has(pair.a) && inside.has(pair.b));
}

const pairColumns = [
  { key: "pair", name: "Pair", value: (pair) => `${sourceOf(pair.a)} ${sourceOf(pair.b)}`, cell: (pair) => link(`#pair/${pair.a}/${pair.b}`,
    [pair.a, pair.b].map((number) => el("span", { class: "line" }, el("span", { class: "source" }, bdi(sourceOf(number))), " ", bdi(titleOf(number))))) },
  { key: "verdict", name: "Verdict", value: (pair) => VERDICTS[pair.verdict][0], cell: (pair) => VERDICTS[pair.verdict][0] },
  { key: "coverage", name: "Covered", number: true, wide: true, value: (pair) => Math.max(...pair.coverage), cell: (pair) => pair.coverage.map((share) => el("span", { class: "line" }, percent(share))) },
  { key: "tokens", name: "Longest passage", number: true, wide: true, value: longestOf, cell: (pair) => count(longestOf(pair), "token") },
];

function longestOf(pair) {
  return pair.passages.reduce((most, passage) => Math.max(most, passage.tokens), 0);
}

function clusterView(number, query, remember) {
  const cluster = core.clusters[number];
  if (!cluster) return missing("There is no such cluster in this report.");
  const { node: table, show } = list({ caption: "pairs of this cluster", columns: pairColumns, query, fallback: "-coverage", remember, empty: "No pairs beside identical documents." });
  show(pairsOf(cluster), { keepPage: true });
  return [
    crumbs(),
    el("h1", { tabindex: "-1", dir: "auto" }, cluster.title),
    facts(
      `${count(cluster.members.length, "document")} from ${count(cluster.sources, "source")}`,
      `cohesion ${percent(cluster.cohesion)}`,
      count(cluster.independent_origins, "independent origin"),
      cluster.uncredited > 0 && el("span", { class: "badge bad" }, count(cluster.uncredited, "uncredited copy", "uncredited copies")),
      !cluster.pairs_complete && "not every pair was compared"),
    originBox(cluster),
    section("When it ran", timeline(cluster)),
    section("Who took it from whom", derivation(cluster)),
    section("Pairs", table),
  ];
}
