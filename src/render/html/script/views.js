// ---- Views: what each address shows -----------------------------------------

const section = (title, ...content) => el("section", null, el("h2", null, title), content);
const missing = (text) => [el("h1", { tabindex: "-1" }, "Not found"), el("p", { class: "notice" }, text)];
let lastList = "#clusters";
const crumbs = () => el("p", { class: "crumbs" }, link(lastList, lastList.startsWith("#pairs") ? "← Other pairs" : "← Clusters"));

function clustersView(query, remember) {
  if (core.clusters.length === 0) return [el("h1", { tabindex: "-1" }, "Clusters"), el("p", { class: "lead" }, "No documents are copies or versions of one another.")];
  const [sources, agencies, origins, roles] = [new Map(), new Map(), new Map(), new Map()];
  for (const cluster of core.clusters) {
    for (const source of new Set(cluster.members.map((member) => sourceOf(member.document)))) tally(sources, source);
    for (const role of new Set(cluster.members.map((member) => member.role))) tally(roles, role);
    if (cluster.origin.agency) tally(agencies, cluster.origin.agency);
    if (cluster.origin.source) tally(origins, cluster.origin.source);
  }
  const words = lazily(() => core.clusters.map((cluster) => [
    cluster.title, cluster.id, cluster.origin.agency,
    ...cluster.members.flatMap(({ document: number }) => [sourceOf(number), core.documents[number].id, core.documents[number].title]),
  ].join("\n").toLowerCase()));
  const shows = [
    ["uncredited", "uncredited copies", (cluster) => cluster.uncredited > 0],
    ["undetermined", "origin undetermined", (cluster) => cluster.origin.document === null && !cluster.origin.outside],
    ["several", "several sources", (cluster) => cluster.sources > 1],
    ["one", "one source alone", (cluster) => cluster.sources === 1],
  ];
  const changed = () => {
    for (const [name, field] of Object.entries(fields)) query.set(name, field.input.value);
    remember({ ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.input.value.trim() || null])), page: null });
    apply();
  };
  const fields = {
    q: search("Words in titles, sources, ids", query, changed),
    show: select("Show", "show", shows.map(([key, text]) => [key, text]), query, changed),
    agency: select("Agency", "agency", choices(agencies), query, changed),
    origin: select("First with", "origin", choices(origins), query, changed),
    source: select("Run by", "source", choices(sources), query, changed),
    role: select("With a member that is", "role", choices(roles).map(([key]) => [key, ROLES[key] ?? key]), query, changed),
  };
  const { node, show } = list({ caption: "clusters", columns: clusterColumns, query, fallback: "-documents", remember, empty: "No cluster is like that." });
  const said = el("p", { class: "result", role: "status" });
  function apply(options) {
    const value = (name) => fields[name].input.value;
    const wanted = value("q").toLowerCase().split(/\s+/).filter(Boolean);
    const shown = shows.find(([key]) => key === value("show"))?.[2] ?? (() => true);
    const is = (name, found) => value(name) === "" || found(value(name));
    const rows = core.clusters.filter((cluster, place) => shown(cluster)
      && is("agency", (agency) => cluster.origin.agency === agency)
      && is("origin", (source) => cluster.origin.source === source)
      && is("source", (source) => cluster.members.some((member) => sourceOf(member.document) === source))
      && is("role", (role) => cluster.members.some((member) => member.role === role))
      && wanted.every((word) => words()[place].includes(word)));
    const uncredited = rows.reduce((sum, cluster) => sum + cluster.uncredited, 0);
    const of = value("agency") ? ` of ${value("agency")}` : "";
    said.textContent = neutral(`${count(rows.length, "cluster")} · ${count(uncredited, "uncredited copy", "uncredited copies")}${of}`);
    show(rows, options);
  }
  apply({ keepPage: true });
  const clear = el("button", { type: "button", class: "quiet", click: () => {
    for (const field of Object.values(fields)) field.input.value = "";
    changed();
  } }, "Clear");
  return [
    el("h1", { tabindex: "-1" }, "Clusters"),
    el("p", { class: "lead" }, "Documents that are copies or versions of one text."),
    el("form", { class: "filters", role: "search", "aria-label": "Clusters", submit: (event) => event.preventDefault() }, Object.values(fields).map((field) => field.node), clear),
    said, node,
  ];
}

const clusterColumns = [
  { key: "story", name: "Story", value: (cluster) => cluster.title, cell: (cluster) => [
    link(`#cluster/${core.clusters.indexOf(cluster)}`, el("span", { class: "title" }, bdi(cluster.title))),
    el("span", { class: "under" }, bdi(summary(cluster))),
  ] },
  { key: "documents", name: "Documents", number: true, value: (cluster) => cluster.members.length, cell: (cluster) => number(cluster.members.length) },
  { key: "sources", name: "Sources", number: true, wide: true, value: (cluster) => cluster.sources, cell: (cluster) => number(cluster.sources) },
  { key: "uncredited", name: "Uncredited", number: true, value: (cluster) => cluster.uncredited, cell: (cluster) => (cluster.uncredited > 0 ? el("strong", { class: "bad" }, number(cluster.uncredited)) : "0") },
  { key: "origin", name: "First with", wide: true, value: (cluster) => cluster.origin.source ?? cluster.origin.agency, cell: (cluster) => [
    cluster.origin.source ? bdi(cluster.origin.source) : el("span", { class: "faint" }, cluster.origin.outside ? "not in this collection" : "undetermined"),
    cluster.origin.agency && el("span", { class: "under" }, bdi(cluster.origin.agency)),
  ] },
  { key: "first", name: "First seen", slim: true, wide: true, value: (cluster) => cluster.first, cell: (cluster) => (cluster.first === null ? el("span", { class: "faint" }, "no time") : new Date(cluster.first * 1000).toISOString().slice(0, 10)) },
  { key: "cohesion", name: "Cohesion", number: true, wide: true, value: (cluster) => cluster.cohesion, cell: (cluster) => percent(cluster.cohesion) },
];

function summary(cluster) {
  const names = [...new Set(cluster.members.map((member) => sourceOf(member.document)))];
  return names.length > 4 ? `${names.slice(0, 4).join(", ")} and ${number(names.length - 4)} more` : names.join(", ");
}

function pairsView(query, remember) {
  const outside = pairs.list.filter((pair) => !shareCluster(pair.a, pair.b));
  const verdicts = new Map();
  for (const pair of outside) tally(verdicts, pair.verdict);
  const field = select("Verdict", "verdict", choices(verdicts).map(([key]) => [key, `${VERDICTS[key][0]} (${number(verdicts.get(key))})`]), query, () => {
    remember({ verdict: field.input.value || null, page: null });
    apply();
  });
  const { node, show } = list({ caption: "pairs outside clusters", columns: pairColumns, query, fallback: "-tokens", remember, empty: "No pair is like that." });
  const apply = (options) => show(outside.filter((pair) => field.input.value === "" || pair.verdict === field.input.value), options);
  apply({ keepPage: true });
  return [
    el("h1", { tabindex: "-1" }, "Other pairs"),
    el("p", { class: "lead" }, "Documents that share a passage without being copies of one another, and what was told apart: quotation, page furniture, standing wording."),
    el("form", { class: "filters", submit: (event) => event.preventDefault() }, field.node), node,
  ];
}

function pairView(a, b) {
  if (!core.documents[a] || !core.documents[b] || a === b) return missing("There is no such pair in this report.");
  const found = pairs.byKey.get(keyOf(twinOf(a), twinOf(b))) ?? null;
  const isSame = twinOf(a) === twinOf(b);
  const [left, right] = found !== null && found.from === twinOf(b) ? [b, a] : [a, b];
  const stand = [left, right].map((number) => (found === null ? number : twinOf(number)));
  const pair = isSame ? identical(left, right) : found;
  const remarks = stand.map((number, side) => (number === [left, right][side] ? null : el("span", { class: "aside" }, "same words as the document that was compared")));
  const { node: panes, jump } = sideBySide(stand[0], stand[1], pair, remarks);
  const shared = (clustersOf().get(left) ?? []).find((place) => (clustersOf().get(right) ?? []).includes(place));
  const turn = pair !== null && pair.a !== stand[0];
  return [
    shared === undefined ? el("p", { class: "crumbs" }, link(lastList.startsWith("#pairs") ? lastList : "#pairs", "← Other pairs")) : el("p", { class: "crumbs" }, link(`#cluster/${shared}`, "← ", bdi(core.clusters[shared].title))),
    el("h1", { tabindex: "-1" }, pair === null ? "Not alike" : verdictFrom(pair, stand[0])[1]),
    pair === null ? el("p", { class: "notice" }, "The report lists nothing that these two share.") : [
      pair.reason && el("p", { class: "lead", dir: "auto" }, pair.reason),
      el("div", { class: "two" }, isSame ? null : sharesBox(pair, turn), isSame ? null : directionBox(pair, stand)),
      passagesBox(pair, jump),
    ],
    panes,
  ];
}

/** What a report implies of documents with the same words. */
function identical(a, b) {
  const [one, other] = [core.documents[a], core.documents[b]];
  const passage = { a: [0, one.bytes], b: [0, other.bytes], tokens: one.tokens, identity: 1, kind: "copy", reason: "" };
  return { a, b, verdict: "exact", passages: [passage], evidence: [], from: null };
}

function sharesBox(pair, isTurned) {
  const turn = ([ofA, ofB]) => (isTurned ? [ofB, ofA] : [ofA, ofB]);
  const [coverA, coverB] = turn(pair.coverage);
  const [inB, inA] = turn(pair.containment);
  const bar = (name, share) => el("tr", null, el("th", { scope: "row" }, name),
    el("td", null, svg("svg", { height: 10, "aria-hidden": "true" }, svg("rect", { class: "ground", width: "100%", height: 10, rx: 1 }), svg("rect", { width: `${(100 * share).toFixed(1)}%`, height: 10, rx: 1 })), " ", el("span", null, percent(share))));
  return el("section", { class: "box", "aria-labelledby": "shares" }, el("h2", { id: "shares" }, "How much"),
    el("table", { class: "bars" }, el("tbody", null,
      bar("of A is in B", coverA), bar("of B is in A", coverB))),
    facts(`Jaccard ${percent(pair.jaccard)}`, pair.counted_jaccard !== undefined && `counted ${percent(pair.counted_jaccard)}`, `shingles of A in B ${percent(inB)}`, `of B in A ${percent(inA)}`),
    pair.counted_jaccard !== undefined && el("p", { class: "aside" }, "Quotation, page furniture and standing wording are left out of the bars."));
}

function directionBox(pair, [left]) {
  const told = pair.from === null ? "Undetermined." : pair.from === left ? "A had it before B." : "B had it before A.";
  return el("section", { class: "box", "aria-labelledby": "direction" }, el("h2", { id: "direction" }, "Who was first"),
    el("p", { class: "answer" }, told), facts(pair.confidence > 0 && `confidence ${percent(pair.confidence)}`), evidenceList(pair.evidence));
}

function passagesBox(pair, jump) {
  if (pair.passages.length === 0) return el("p", { class: "aside" }, "The two were compared as a whole; no passages were aligned.");
  const item = (passage, index) => el("li", null,
    el("button", { type: "button", class: `go kind-${passage.kind}`, click: () => jump(index) },
      el("span", { class: "handle" }, index + 1), ` ${KINDS[passage.kind]} · ${count(passage.tokens, "token")} · ${passage.identity === 1 ? "identical" : `${percent(passage.identity)} identical`}`),
    passage.reason && passage.kind !== "copy" && el("span", { class: "aside", dir: "auto" }, ` ${passage.reason}`));
  const shown = pair.passages.slice(0, 50).map(item);
  const items = el("ol", { class: "passages" }, shown);
  const left = pair.passages.length - shown.length;
  const more = left > 0 && el("button", { type: "button", class: "more", click: () => {
    more.remove();
    items.append(...pair.passages.slice(50).map((passage, at) => item(passage, at + 50)));
  } }, `Show ${count(left, "more passage")}`);
  return el("section", null, el("h2", null, pair.passages.length === 1 ? "The passage" : `${number(pair.passages.length)} passages`),
    items, more, el("p", { class: "aside" }, "A number in the text leads to the same passage on the other side. Underlined words are on one side alone."));
}

function documentView(place) {
  const entry = core.documents[place];
  if (!entry) return missing("There is no such document in this report.");
  const row = (name, ...value) => el("div", null, el("dt", null, name), el("dd", null, value));
  const inClusters = (clustersOf().get(place) ?? []).map((at) => el("li", null, link(`#cluster/${at}`, bdi(core.clusters[at].title))));
  const others = pairs.list.filter((pair) => pair.a === twinOf(place) || pair.b === twinOf(place));
  return [
    crumbs(),
    el("h1", { tabindex: "-1", dir: "auto" }, titleOf(place)),
    el("dl", { class: "details" },
      row("Source", bdi(sourceOf(place))), row("Published", published(entry)),
      entry.url && row("Address", outward(entry.url)),
      row("Id", bdi(entry.id)), entry.original_id && row("Id in the input", bdi(entry.original_id)), row("File", bdi(entry.path)),
      entry.language && row("Language", bdi(entry.language)),
      row("Length", `${count(entry.tokens, "token")}, ${count(entry.bytes, "byte")}`),
      entry.repeated_share > 0 && row("Repetition", `${percent(entry.repeated_share)} of its tokens`),
      entry.credits?.length > 0 && row("Credits", el("ul", null, entry.credits.map((credit) => el("li", null,
        bdi(credit.agency ?? credit.outlet ?? "?"), ` by ${credit.form.replace(/_/g, " ")} `, bdi(`“${credit.text}”`), `, confidence ${percent(credit.confidence)}`,
        credit.likely_outlet && [", probably ", bdi(credit.likely_outlet)]))))),
    inClusters.length > 0 && section(inClusters.length === 1 ? "In the cluster" : "In clusters", el("ul", null, inClusters)),
    others.length > 0 && section("Compared with", el("ul", null, others.slice(0, 100).map((pair) => {
      const other = pair.a === twinOf(place) ? pair.b : pair.a;
      return el("li", null, link(`#pair/${place}/${other}`, bdi(sourceOf(other)), ": ", bdi(titleOf(other))), ` · ${VERDICTS[pair.verdict][0]}`);
    })), others.length > 100 && el("p", { class: "aside" }, `${number(others.length - 100)} more`)),
    section("Text", oneText(place)),
  ];
}

function repeatsView(query, remember) {
  const { node, show } = list({ caption: "repeats", query, fallback: "-tokens", remember, empty: "No document repeats itself.", columns: [
    { key: "document", name: "Document", value: (repeat) => titleOf(repeat.document), cell: (repeat) => [documentLink(repeat.document), el("span", { class: "under" }, bdi(sourceOf(repeat.document)))] },
    { key: "tokens", name: "Tokens", number: true, value: (repeat) => repeat.tokens, cell: (repeat) => number(repeat.tokens) },
    { key: "places", name: "Places", number: true, value: (repeat) => repeat.spans.length, cell: (repeat) => number(repeat.spans.length) },
    { key: "identity", name: "Alike", number: true, wide: true, value: (repeat) => repeat.identity, cell: (repeat) => percent(repeat.identity) },
    { key: "share", name: "Share of the document", number: true, wide: true, value: (repeat) => core.documents[repeat.document].repeated_share, cell: (repeat) => percent(core.documents[repeat.document].repeated_share) },
  ] });
  show(core.repeats, { keepPage: true });
  const groups = core.groups.slice(0, PAGE_ROWS).map((group) => el("li", null, `${count(group.length, "document")}: `,
    group.slice(0, 5).map((number, at) => [at > 0 ? ", " : "", documentLink(number)]), group.length > 5 && ` and ${number(group.length - 5)} more`));
  return [
    el("h1", { tabindex: "-1" }, "Repeats"),
    el("p", { class: "lead" }, "Passages that one document has more than once."), node,
    groups.length > 0 && section("Identical short documents", el("p", { class: "aside" }, "Too short to be a story; compared for identity alone."), el("ul", null, groups),
      core.groups.length > PAGE_ROWS && el("p", { class: "aside" }, `${number(core.groups.length - PAGE_ROWS)} more groups`)),
  ];
}

function sourcesList(query, remember) {
  const field = (key, name, wide = false) => ({ key, name, number: true, wide, value: (row) => row[key], cell: (row) => number(row[key]) });
  const from = ({ copied_from: [first, ...others] }) => first && [bdi(first.source), ` (${number(first.documents)}${first.median_lag_s === null ? "" : `, median lag ${lag(first.median_lag_s)}`})`, others.length > 0 && ` and ${count(others.length, "other")}`];
  const { node, show } = list({ caption: "sources", query, fallback: "-copied", remember, empty: "No source is known.", columns: [
    { key: "source", name: "Source", value: (row) => row.source, cell: (row) => link(`#clusters?source=${encodeURIComponent(row.source)}`, bdi(row.source)) },
    field("documents", "Documents"), field("original", "Original", true), field("copied", "Copied"), field("credited", "Of these credited", true),
    { key: "from", name: "Copied from", broad: true, wide: true, value: (row) => row.copied_from[0]?.source, cell: from },
  ] });
  show(core.publishers, { keepPage: true });
  return [el("h2", null, "All sources"), node];
}

function skippedView(query, remember) {
  const { node, show } = list({ caption: "skipped", query, fallback: "place", remember, empty: "Nothing was skipped.", columns: [
    { key: "place", name: "Record", value: (row) => row.path, cell: (row) => [bdi(`${row.path}${row.line === null ? "" : `:${row.line}`}`), row.document !== null && row.document !== row.path && el("span", { class: "under" }, bdi(row.document))] },
    { key: "reason", name: "Why", broad: true, value: (row) => row.reason, cell: (row) => bdi(row.reason) },
  ] });
  show(core.skipped, { keepPage: true });
  return [el("h1", { tabindex: "-1" }, "Skipped"), el("p", { class: "lead" }, "What could not be read or compared. Nothing is dropped silently."), node];
}

// ---- The address: which view, with which filters -----------------------------

const staticViews = { overview: document.getElementById("view-overview"), sources: document.getElementById("view-sources") };
const NEED_PAIRS = ["cluster", "pairs", "pair", "document"];
const NEED_TEXTS = ["pair", "document"];
let isFirst = true;
let turns = 0;

async function route() {
  const turn = ++turns;
  const [path, search = ""] = location.hash.slice(1).split("?");
  const [name, ...rest] = (path || (core.is_comparison ? "pair/0/1" : "overview")).split("/");
  const [one, other] = rest.map(Number);
  const query = new URLSearchParams(search);
  const remember = (changes) => {
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) query.delete(key);
      else query.set(key, value);
    }
    const tail = query.toString();
    history.replaceState(null, "", `#${[name, ...rest].join("/")}${tail && `?${tail}`}`);
    if (["clusters", "pairs"].includes(name)) lastList = location.hash;
  };
  const views = {
    overview: () => [],
    clusters: () => clustersView(query, remember),
    cluster: () => clusterView(one, query, remember),
    pairs: () => pairsView(query, remember),
    pair: () => pairView(one, other),
    document: () => documentView(one),
    repeats: () => repeatsView(query, remember),
    sources: () => [],
    skipped: () => skippedView(query, remember),
  };
  if (NEED_PAIRS.includes(name)) await load(NEED_TEXTS.includes(name));
  // Who has gone on meanwhile wants to see what came later.
  if (turn !== turns) return;
  const known = Object.hasOwn(views, name);
  if (["clusters", "pairs"].includes(name)) lastList = location.hash;
  for (const [view, node] of Object.entries(staticViews)) node.hidden = view !== name;
  made.replaceChildren(...[known ? views[name]() : missing("There is no such page in this report.")].flat(Infinity).filter(Boolean));
  if (name === "sources") document.getElementById("sources-list").replaceChildren(...sourcesList(query, remember));
  const owner = { cluster: "clusters", pair: name === "pair" && shareCluster(one, other) ? "clusters" : "pairs", document: "clusters" }[name] ?? name;
  for (const item of document.querySelectorAll(".top nav a")) {
    if (item.hash === `#${owner}`) item.setAttribute("aria-current", name === owner ? "page" : "true");
    else item.removeAttribute("aria-current");
  }
  const heading = (staticViews[name] ?? made).querySelector("h1");
  document.title = `${heading.textContent} · wirecopy report`;
  if (!isFirst) {
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  isFirst = false;
}

// ---- The theme, and the beginning ---------------------------------------------

const THEMES = ["system", "light", "dark"];

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const button = document.getElementById("theme");
  button.textContent = `Theme: ${theme}`;
  button.dataset.theme = theme;
  try {
    localStorage.setItem("wirecopy-theme", theme);
  } catch {
    // A browser may keep nothing for files; the choice then lasts as long as the page.
  }
}

function remembered() {
  try {
    const theme = localStorage.getItem("wirecopy-theme");
    return THEMES.includes(theme) ? theme : "system";
  } catch {
    return "system";
  }
}

const themeButton = document.getElementById("theme");
themeButton.hidden = false;
themeButton.addEventListener("click", () => setTheme(THEMES[(THEMES.indexOf(themeButton.dataset.theme) + 1) % THEMES.length]));
setTheme(remembered());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("view").focus();
});
addEventListener("hashchange", route);
route();
