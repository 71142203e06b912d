// Planned dates in time: each plan is drawn from the first to the last day that its words can mean.
// Open ends fade out. A short upright line marks the day of publication.

const PLANS_SHOWN = 25;
const BINS_MOST = 60;

function plansSection(corpus, selection, pages, redraw, changed) {
  const commitments = selection.items.filter((item) => item.layer === 2);
  const dated = commitments.filter((item) => item.when && item.when.dated).sort(byDate);
  const unresolved = commitments.filter((item) => item.when && !item.when.dated);
  const undated = commitments.length - dated.length - unresolved.length;
  const body = [];
  if (dated.length) {
    const { shown, nav } = paged(dated, PLANS_SHOWN, pages.plans || 0, (to) => redraw("plans", to), "plans");
    body.push(legend(dated), dated.length > PLANS_SHOWN ? histogram(dated, changed) : null, planTable(shown), nav);
  } else {
    body.push(el("p", { class: "empty" }, "No commitment here has a date."));
  }
  const rest = [];
  if (undated) rest.push(`${plural(undated, "further commitment")} ${undated === 1 ? "names" : "name"} no time.`);
  if (unresolved.length) rest.push(unresolvedList(unresolved));
  return section("plans", "What is planned, and for when", dated.length, body, rest);
}

const anchor = (item) => (item.when.first === null ? item.when.last : item.when.first);
const deadline = (item) => (item.when.last === null ? Infinity : item.when.last);

function byDate(a, b) {
  return anchor(a) - anchor(b) || deadline(a) - deadline(b) || a.number - b.number;
}

function legend(dated) {
  const used = LABELS[2].filter((label) => dated.some((item) => item.label === label));
  return el(
    "p",
    { class: "legend" },
    used.map((label) => el("span", null, swatch(label), label)),
    el("span", null, el("span", { class: "published-sign", "aria-hidden": "true" }), "published"),
    dated.some((item) => item.when.first === null || item.when.last === null)
      ? el("span", null, el("span", { class: "fade-sign", "aria-hidden": "true" }), "open end")
      : null,
  );
}

// How many plans fall due in each stretch of time, by the last day they can mean. A click narrows the page to it.
function histogram(dated, changed) {
  const days = dated.map((item) => item.when.last).filter((day) => day !== null).sort((a, b) => a - b);
  if (days.length < 2) return null;
  const cut = Math.floor(days.length / 100); // a plan for 2100 must not flatten all others
  const found = bins(days[cut], days[days.length - 1 - cut], BINS_MOST);
  for (const bin of found) bin.items = LABELS[2].map(() => 0);
  for (const item of dated) {
    const bin = found.find(({ from, to }) => item.when.last !== null && from <= item.when.last && item.when.last <= to);
    if (bin) bin.items[LABELS[2].indexOf(item.label)]++;
  }
  const total = (bin) => bin.items.reduce((sum, number) => sum + number, 0);
  const highest = Math.max(...found.map(total));
  const every = Math.ceil(found.length / 12);
  const columns = found.map((bin, place) => {
    const parts = bin.items.map((number, label) => {
      const part = el("span", { class: `part ${LABELS[2][label]}` });
      part.style.height = `${(100 * number) / highest}%`;
      return number ? part : null;
    });
    const words = `${spanInWords(bin.from, bin.to)}: ${count(total(bin))} due`;
    const narrow = () => {
      filters.dueFrom = isoOf(bin.from);
      filters.dueTo = isoOf(bin.to);
      changed("due");
    };
    const label = place % every === 0 ? el("span", { class: "bin-label", "aria-hidden": "true" }, bin.label) : null;
    return el("button", { type: "button", class: "bin", title: words, "aria-label": words, onclick: narrow }, el("span", { class: "column" }, parts), label);
  });
  return el(
    "figure",
    { class: "histogram" },
    el("figcaption", null, `Due at the latest: up to ${plural(highest, "plan")} in one ${stretch(found[0])}. Choose a bar to see only its plans.`),
    el("div", { class: "columns" }, columns),
  );
}

function stretch(bin) {
  const days = bin.to - bin.from + 1;
  if (days === 1) return "day";
  if (days <= 31) return "month";
  return days <= 92 ? "quarter" : days <= 366 ? "year" : "stretch of years";
}

function planTable(items) {
  const axis = axisOf(items);
  const marks = ticks(axis.first, axis.last, 8);
  const head = el("div", { class: "track" }, marks.map((mark) => at(el("span", { class: "tick" }, mark.label), axis, mark.day)));
  return el(
    "table",
    { class: "plans" },
    el(
      "thead",
      null,
      el("tr", null, el("th", { scope: "col" }, "When"), el("th", { scope: "col", class: "time" }, el("span", { class: "hidden" }, "On the time line"), head), el("th", { scope: "col" }, "Who is to do what")),
    ),
    el("tbody", null, items.map((item) => planRow(item, axis, marks))),
  );
}

// The axis spans all bars and, where they are near, the days of publication.
function axisOf(items) {
  const ends = items.flatMap((item) => [item.when.first, item.when.last]).filter((day) => day !== null);
  let first = Math.min(...ends);
  let last = Math.max(...ends);
  const reach = Math.max(last - first, 30);
  const published = items.map((item) => item.article.published).filter((day) => day !== null && day >= first - reach && day <= last + reach);
  first = Math.min(first, ...published);
  last = Math.max(last, ...published);
  const air = Math.max(1, Math.round((last - first) * 0.03));
  return { first: first - air, last: last + air };
}

const share = (axis, day) => Math.min(1, Math.max(0, (day - axis.first) / (axis.last + 1 - axis.first)));

function at(node, axis, day) {
  node.style.left = `${(100 * share(axis, day)).toFixed(3)}%`;
  return node;
}

function planRow(item, axis, marks) {
  const { first, last } = item.when;
  const published = item.article.published;
  const bar = el("span", { class: `bar ${item.label}${first === null ? " open-start" : ""}${last === null ? " open-end" : ""}` });
  const from = first === null ? (published === null || published > last ? axis.first : published) : first;
  const to = last === null ? axis.last + 1 : last + 1;
  at(bar, axis, from).style.width = `${(100 * (share(axis, to) - share(axis, from))).toFixed(3)}%`;
  const tick = published !== null && published >= axis.first && published <= axis.last ? at(el("span", { class: "published" }), axis, published) : null;
  const grid = marks.map((mark) => at(el("span", { class: "grid" }), axis, mark.day));
  const actors = item.actors.length ? [el("b", null, bdi(item.actors.join(", "))), " "] : "";
  const said = published === null ? "" : ` · published ${dayInWords(published)}`;
  return el(
    "tr",
    null,
    el("th", { scope: "row" }, spanInWords(first, last), el("q", { dir: "auto" }, item.when.words)),
    el("td", { class: "time", "aria-hidden": "true" }, el("div", { class: "track" }, grid, tick, bar)),
    el(
      "td",
      { class: "deed" },
      el("a", { href: linkTo(item.article, item), dir: "auto", class: "open" }, actors, bdi(item.text)),
      el("p", { class: "by" }, swatch(item.label), item.label, item.condition ? [", if ", bdi(item.condition)] : "", said),
    ),
  );
}

function unresolvedList(items) {
  const rows = items.slice(0, 50).map((item) =>
    el("li", null, el("q", { dir: "auto" }, item.when.words), ": ", el("a", { href: linkTo(item.article, item), dir: "auto" }, saying(item))),
  );
  const more = items.length > rows.length ? el("li", null, `and ${count(items.length - rows.length)} more`) : null;
  return el("details", null, el("summary", null, `${plural(items.length, "commitment")} with a time that no date is known for`), el("ul", null, rows, more));
}
