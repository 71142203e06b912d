// The front page: the corpus at a glance, then its sections.

const SECTIONS = {
  plans: "Plans",
  positions: "Positions",
  statements: "Statements",
  articles: "Articles",
  check: "To check",
  run: "The run",
};

function section(id, title, number, body, rest = []) {
  const label = number === null ? null : el("span", { class: "number" }, count(number));
  return el(
    "section",
    { id: `section-${id}`, "aria-labelledby": `title-${id}` },
    el("h2", { id: `title-${id}`, tabindex: "-1" }, title, " ", label),
    body,
    rest.map((part) => el("div", { class: "aside" }, part)),
  );
}

const DRAWN_BY = {
  plans: plansSection,
  positions: positionsSection,
  statements: statementsSection,
  articles: articlesSection,
  check: attentionSection,
  run: runSection,
};
const PAGES_OF = { targets: "positions", standing: "positions" }; // lists whose section has another name

// Draws everything; turning a page of a list draws its section alone.
function drawFront(corpus, selection, changed) {
  const pages = {};
  const redraw = (list, page) => {
    pages[list] = page;
    const id = PAGES_OF[list] || (DRAWN_BY[list] ? list : "check");
    const fresh = DRAWN_BY[id](corpus, selection, pages, redraw, changed);
    const focused = document.activeElement && document.activeElement.id;
    byId(`section-${id}`).replaceWith(fresh);
    if (focused && byId(focused)) byId(focused).focus({ preventScroll: true });
    else byId(`title-${id}`).focus({ preventScroll: true });
    if (id !== "check" && list !== "articles") byId(`title-${id}`).scrollIntoView({ block: "start" });
  };
  const sections = Object.values(DRAWN_BY).map((draw) => draw(corpus, selection, pages, redraw, changed));
  byId("main").replaceChildren(glance(corpus, selection), ...sections);
}

function glance(corpus, selection) {
  const { items, articles } = filtersActive() ? selection : corpus;
  const layer = (number) => items.filter((item) => item.layer === number);
  const speakers = filtersActive() ? new Set(items.flatMap((item) => item.voices)).size : corpus.speakers.length;
  const dated = layer(2).filter((item) => item.when && item.when.dated).length;
  const toCheck = corpus.checks.length + corpus.unplaced.length;
  const figures = [
    ["articles", articles.length, "article", publishedBetween(articles)],
    ["positions", speakers, "speaker", "merged by name"],
    ["statements", layer(0).length, "claim", ""],
    ["positions", layer(1).length, "stance", ""],
    ["plans", layer(2).length, "commitment", dated ? `${count(dated)} with a date` : "none with a date"],
    [
      "check",
      toCheck,
      "point to check",
      corpus.failures.length ? `and ${plural(corpus.failures.length, "article")} not read` : "no article failed",
      "points to check",
    ],
  ];
  return el(
    "header",
    { class: "front" },
    el("h1", { dir: "auto", tabindex: "-1" }, document.title),
    el("p", { class: "lead" }, leadOf(corpus)),
    el(
      "ul",
      { class: "figures", "aria-label": filtersActive() ? "What passes the filters" : "The corpus at a glance" },
      figures.map(([id, number, noun, more, nouns]) =>
        el(
          "li",
          null,
          el(
            "a",
            { href: `#${id}${filtersActive() ? "?" + filtersToQuery() : ""}` },
            el("b", null, count(number)),
            el("span", null, number === 1 ? noun : nouns || noun + "s"),
          ),
          more ? el("small", null, more) : null,
        ),
      ),
    ),
    filtersActive()
      ? el(
          "p",
          { class: "filtered", role: "note" },
          `Filtered: ${plural(selection.items.length, "item")} of ${count(corpus.items.length)}, in ${plural(selection.articles.length, "article")} of ${count(corpus.articles.length)}.`,
        )
      : null,
  );
}

function publishedBetween(articles) {
  let first = Infinity;
  let last = -Infinity;
  for (const { published } of articles) {
    if (published === null) continue;
    first = Math.min(first, published);
    last = Math.max(last, published);
  }
  if (first > last) return "";
  const [from, to] = [partsOf(first).year, partsOf(last).year];
  return first === last
    ? dayInWords(first)
    : from === to
      ? `${MONTHS[partsOf(first).month]} – ${MONTHS[partsOf(last).month]} ${to}`
      : `${from}–${to}`;
}

// One sentence on what this is and who read it.
function leadOf(corpus) {
  const models = [...new Set(corpus.articles.map((article) => article.run[0]))];
  const readers = models.length
    ? `, as read by ${models.slice(0, 3).join(", ")}${models.length > 3 ? ` and ${models.length - 3} more` : ""}`
    : "";
  return `Who says what, who stands where, and who is to do what by when${readers}. Every line leads to the words of the article that it rests on.`;
}
