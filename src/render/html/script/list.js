// ---- Lists: sorted, filtered, a page of rows at a time ----------------------

const PAGE_ROWS = 100;
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Whatever is absent comes last, in both orders. */
function compare(a, b, sign) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return sign * (typeof a === "number" ? a - b : collator.compare(a, b));
}

/** A column is `number`, `slim` or `broad`, and `wide` if phones go without it. */
const classesOf = (column) => ["number", "slim", "broad", "wide"].filter((name) => column[name]).join(" ") || null;

/**
 * A table of `rows`. `columns` have a `key`, a `name`, the `value` a row is
 * sorted by and the `cell` it shows; `query` is what the address says and
 * `remember` puts it there. `show(rows)` changes the rows.
 */
function list({ caption, columns, query, fallback, remember, empty }) {
  let rows = [];
  let page = Math.max(1, Number(query.get("page")) || 1);
  let sort = query.get("sort") ?? fallback;
  if (!columns.some((column) => column.value && column.key === sort.replace(/^-/, ""))) sort = fallback;
  const body = el("tbody");
  const said = el("p", { class: "aside", "aria-live": "polite" });
  const headings = columns.map((column) => {
    const heading = el("th", { scope: "col", class: classesOf(column) });
    heading.append(column.value
      ? el("button", { type: "button", class: "sort", click: () => sortBy(column) }, column.name, el("span", { class: "arrow", "aria-hidden": "true" }))
      : document.createTextNode(column.name));
    return heading;
  });
  const turn = (by) => () => {
    page += by;
    fill();
    remember({ page: page > 1 ? page : null });
    table.scrollIntoView({ block: "start" });
  };
  const earlier = el("button", { type: "button", click: turn(-1) }, "Previous");
  const later = el("button", { type: "button", click: turn(1) }, "Next");
  const place = el("span", null);
  const pager = el("nav", { class: "pager", "aria-label": `Pages of ${caption}` }, earlier, place, later);
  const table = el("table", { class: "list" }, el("caption", { class: "unseen" }, caption), el("thead", null, el("tr", null, headings)), body);

  function sortBy(column) {
    const opposite = sort.startsWith("-") ? column.key : `-${column.key}`;
    sort = sort.replace(/^-/, "") === column.key ? opposite : `${column.number ? "-" : ""}${column.key}`;
    page = 1;
    order();
    fill();
    remember({ sort: sort === fallback ? null : sort, page: null });
    announce(`Sorted by ${column.name}, ${sort.startsWith("-") ? "descending" : "ascending"}`);
  }

  function order() {
    const sign = sort.startsWith("-") ? -1 : 1;
    const { value } = columns.find((column) => column.key === sort.replace(/^-/, ""));
    const keyed = rows.map((row, place) => ({ row, place, key: value(row) }));
    keyed.sort((a, b) => compare(a.key, b.key, sign) || a.place - b.place);
    rows = keyed.map(({ row }) => row);
  }

  function fill() {
    const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
    page = Math.min(page, pages);
    const from = (page - 1) * PAGE_ROWS;
    body.replaceChildren(...rows.slice(from, from + PAGE_ROWS).map((row) => el("tr", null, columns.map((column, place) =>
      el(place === 0 ? "th" : "td", { scope: place === 0 ? "row" : null, class: classesOf(column) }, column.cell(row))))));
    columns.forEach((column, place) => {
      const direction = sort.startsWith("-") ? "descending" : "ascending";
      if (sort.replace(/^-/, "") === column.key) headings[place].setAttribute("aria-sort", direction);
      else headings[place].removeAttribute("aria-sort");
    });
    const last = Math.min(from + PAGE_ROWS, rows.length);
    said.textContent = rows.length === 0 ? empty : pages === 1 ? "" : `${number(from + 1)}–${number(last)} of ${number(rows.length)}`;
    place.textContent = `Page ${number(page)} of ${number(pages)}`;
    earlier.disabled = page <= 1;
    later.disabled = page >= pages;
    pager.hidden = pages === 1;
    table.hidden = rows.length === 0;
  }

  const show = (newRows, { keepPage = false } = {}) => {
    rows = [...newRows];
    if (!keepPage) page = 1;
    order();
    fill();
  };
  return { node: el("div", { class: "listing" }, said, table, pager), show };
}

/** Choices of a filter: name and how often, most frequent first. */
function choices(counts) {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || collator.compare(a[0], b[0]));
  return sorted.slice(0, 2000).map(([name, times]) => [name, `${name} (${number(times)})`]);
}

function select(label, name, options, query, changed) {
  const value = query.get(name) ?? "";
  const known = value === "" || options.some(([key]) => key === value);
  const all = known ? options : [[value, value], ...options];
  const input = el("select", { name, change: changed },
    el("option", { value: "" }, "any"),
    all.map(([key, text]) => {
      const option = el("option", null, text);
      option.value = key;
      option.selected = key === value;
      return option;
    }));
  return { input, node: el("label", { class: "field" }, el("span", null, label), input) };
}

function search(label, query, changed) {
  const input = el("input", { type: "search", name: "q", value: query.get("q"), autocomplete: "off", spellcheck: "false", input: changed });
  return { input, node: el("label", { class: "field wide-field" }, el("span", null, label), input) };
}

/** Adds to the counts of a table of counts. */
const tally = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);
