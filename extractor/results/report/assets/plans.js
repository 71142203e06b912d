// Planned dates in time: each plan is drawn from the first to the last day that its words can mean.
// Open ends fade out. A short upright line marks the day of publication.

const PLANS_SHOWN = 25;
const BIN_WIDTH = 26; // pixels: a finger can hit it

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

// How many plans can fall into each stretch of time; one for "2025" can fall into each of its months. A click narrows
// the page to a stretch.
function histogram(dated, changed) {
  const days = dated
    .flatMap((item) => [item.when.first, item.when.last])
    .filter((day) => day !== null)
    .sort((a, b) => a - b);
  const cut = Math.floor(days.length / 100); // a plan for 2100 must not flatten all others
  const found = bins(
    days[cut],
    days[days.length - 1 - cut],
    Math.max(8, Math.floor(byId("main").clientWidth / BIN_WIDTH)),
  );
  for (const bin of found) bin.items = LABELS[2].map(() => 0);
  for (const item of dated) {
    const [first, last] = reachOf(item);
    const label = LABELS[2].indexOf(item.label);
    for (const bin of found) if (bin.to >= first && bin.from <= last) bin.items[label]++;
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
    const words = `${spanInWords(bin.from, bin.to)}: ${plural(total(bin), "plan")}`;
    const narrow = () => {
      filters.dueFrom = isoOf(bin.from);
      filters.dueTo = isoOf(bin.to);
      changed("due").then(() => byId("title-plans").focus({ preventScroll: true }));
    };
    const label = place % every === 0 ? el("span", { class: "bin-label", "aria-hidden": "true" }, bin.label) : null;
    return el(
      "button",
      { type: "button", class: "bin", title: words, "aria-label": words, onclick: narrow },
      el("span", { class: "column" }, parts),
      label,
    );
  });
  return el(
    "figure",
    { class: "histogram" },
    el(
      "figcaption",
      null,
      `What can fall into each ${stretch(found[0])}: up to ${plural(highest, "plan")}. Choose a bar to see only its own.`,
    ),
    el("div", { class: "columns" }, columns),
  );
}

function stretch(bin) {
  const days = bin.to - bin.from + 1;
  if (days === 1) return "day";
  if (days <= 31) return "month";
  return days <= 92 ? "quarter" : days <= 366 ? "year" : `${Math.round(days / 365.25)} years`;
}

// Plans of one page, in groups that start in the same year where they are spread over many: one axis for 25 years would
// make dots of all shorter plans.
const ONE_AXIS = 3 * 366; // days

function planTable(items) {
  const { first, last } = endsOf(items);
  const groups =
    last - first <= ONE_AXIS ? [items] : [...grouped(items, (item) => partsOf(anchor(item)).year).values()];
  return el(
    "table",
    { class: "plans" },
    el(
      "thead",
      { class: "hidden" },
      el(
        "tr",
        null,
        ["When", "On the time line", "Who is to do what"].map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    groups.map((group) => planGroup(group, groups.length > 1)),
  );
}

function planGroup(items, named) {
  const axis = axisOf(items);
  const marks = roomy(ticks(axis.first, axis.last, 7), axis);
  const head = el(
    "div",
    { class: "track" },
    marks.map((mark) => at(el("span", { class: "tick" }, mark.label), axis, mark.day)),
  );
  const title = named ? String(partsOf(anchor(items[0])).year) : "";
  return el(
    "tbody",
    null,
    el(
      "tr",
      { class: "axis" },
      named ? el("th", { scope: "rowgroup" }, title) : el("td"),
      el("td", { class: "time", "aria-hidden": "true" }, head),
      el("td"),
    ),
    items.map((item) => planRow(item, axis, marks)),
  );
}

// The marks whose labels do not run into each other or over the end. Of two, the one that says the year stays.
function roomy(marks, axis) {
  const kept = [];
  for (const mark of marks) {
    const before = kept[kept.length - 1];
    if (share(axis, mark.day) > 0.92) continue;
    if (before && share(axis, mark.day) - share(axis, before.day) < 0.03 + 0.026 * before.label.length) {
      if (!/^\d+$/.test(mark.label)) continue;
      kept.pop();
    }
    kept.push(mark);
  }
  return kept;
}

function endsOf(items) {
  const ends = items.flatMap((item) => [item.when.first, item.when.last]).filter((day) => day !== null);
  return { first: Math.min(...ends), last: Math.max(...ends) };
}

// The axis spans the bars and, where they are near, the days of publication. It stops before the end of a few bars that
// are far longer than most; these are cut off with a mark.
function axisOf(items) {
  let { first, last } = endsOf(items);
  const ends = items.map((item) => item.when.last ?? item.when.first).sort((a, b) => a - b);
  const most = Math.max(ends[Math.floor((ends.length - 1) * 0.75)], Math.max(...items.map(anchor)));
  if (last - first > 4 * Math.max(most - first, 90)) last = first + Math.round(1.5 * Math.max(most - first, 90));
  const reach = Math.max(last - first, 60);
  const published = items
    .map((item) => item.article.published)
    .filter((day) => day !== null && day >= first - reach && day <= last);
  first = Math.min(first, ...published);
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
  const shape = [
    first === null ? "open-start" : "",
    last === null ? "open-end" : last > axis.last ? "goes-on" : "",
  ].join(" ");
  const bar = el("span", { class: `bar ${item.label} ${shape}` });
  const from = first === null ? (published === null || published > last ? axis.first : published) : first;
  const to = last === null ? axis.last + 1 : last + 1;
  at(bar, axis, from).style.width = `${(100 * (share(axis, to) - share(axis, from))).toFixed(3)}%`;
  const tick =
    published !== null && published >= axis.first && published <= axis.last
      ? at(el("span", { class: "published" }), axis, published)
      : null;
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
      el("p", { class: "by" }, swatch(item.label), item.label, item.condition ? [", ", bdi(item.condition)] : "", said),
    ),
  );
}

function unresolvedList(items) {
  const rows = items
    .slice(0, 50)
    .map((item) =>
      el(
        "li",
        null,
        el("q", { dir: "auto" }, item.when.words),
        ": ",
        el("a", { href: linkTo(item.article, item), dir: "auto" }, saying(item)),
      ),
    );
  const more = items.length > rows.length ? el("li", null, `and ${count(items.length - rows.length)} more`) : null;
  return el(
    "details",
    null,
    el("summary", null, `${plural(items.length, "commitment")} with a time that no date is known for`),
    el("ul", null, rows, more),
  );
}
