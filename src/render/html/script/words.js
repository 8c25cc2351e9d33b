// ---- What findings are called ----------------------------------------------

const VERDICTS = {
  exact: ["same words", "Both have the same words."],
  near_duplicate: ["near duplicate", "Both have nearly the same text."],
  contains: ["contains", "The first contains the second."],
  contained_in: ["contained in", "The first is contained in the second."],
  derived: ["derived", "Versions of one text."],
  shares_passage: ["shares a passage", "A copied passage in otherwise different texts."],
  quotation: ["quotation", "What they share is quoted."],
  boilerplate: ["boilerplate", "What they share is page furniture."],
  template: ["template", "Standing wording with other facts."],
};
const ROLES = {
  origin: "origin",
  copy: "copy",
  exact_duplicate: "same words",
  abridged: "abridged",
  extended: "extended",
  version: "version",
  excerpt: "excerpt",
  revision: "revision",
  undetermined: "undetermined",
};
const KINDS = {
  copy: "copied",
  quotation: "quoted",
  boilerplate: "page furniture",
  template: "standing wording",
};

/** The verdict as it reads from the side of `first`. */
function verdictFrom(pair, first) {
  const turned = { contains: "contained_in", contained_in: "contains" };
  return VERDICTS[(first === pair.b && turned[pair.verdict]) || pair.verdict];
}

const roleBadge = (role) => el("span", { class: `badge role-${role}` }, ROLES[role] ?? role);

function creditBadge(member) {
  if (member.credited === true) return el("span", { class: "badge good" }, "credited");
  if (member.uncredited) return el("span", { class: "badge bad" }, "uncredited");
  return null;
}

const evidenceList = (evidence) =>
  evidence.length === 0
    ? el("p", { class: "aside" }, "No clue.")
    : el("ul", { class: "evidence" }, evidence.map((statement) => el("li", { dir: "auto" }, statement)));

const facts = (...items) =>
  el("p", { class: "facts" }, items.filter(Boolean).map((item) => el("span", null, item)));
