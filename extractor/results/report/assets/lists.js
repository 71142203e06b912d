// All items in the order of the articles, and the articles themselves.

const ENTRIES_SHOWN = 20;
const ARTICLES_SHOWN = 30;

function statementsSection(corpus, selection, pages, redraw) {
  const { shown, nav } = paged(
    selection.items,
    ENTRIES_SHOWN,
    pages.statements || 0,
    (to) => redraw("statements", to),
    "statements",
  );
  const body = shown.length
    ? [
        el(
          "ol",
          { class: "entries" },
          shown.map((item) => listEntry(item, corpus)),
        ),
        nav,
      ]
    : [
        el(
          "p",
          { class: "empty" },
          filtersActive() ? "Nothing matches the filters." : "No article says anything that was recorded.",
        ),
      ];
  return section("statements", "What is said", selection.items.length, body);
}

const ORDERS = {
  order: { label: "No.", of: (row) => row.article.number },
  published: { label: "Published", of: (row) => (row.article.published === null ? Infinity : row.article.published) },
  title: { label: "Article", of: (row) => row.article.title },
  claims: { label: "Claims", of: (row) => -row.numbers[0], number: true },
  stances: { label: "Stances", of: (row) => -row.numbers[1], number: true },
  commitments: { label: "Commit­ments", of: (row) => -row.numbers[2], number: true },
  checks: { label: "To check", of: (row) => -row.checks, number: true },
};

let articleOrder = { by: "order", reversed: false };

function articlesSection(corpus, selection, pages, redraw) {
  const numbers = new Map(selection.articles.map((article) => [article, [0, 0, 0]]));
  for (const item of selection.items) if (numbers.has(item.article)) numbers.get(item.article)[item.layer]++;
  const rows = selection.articles.map((article) => ({
    article,
    numbers: numbers.get(article),
    checks: article.checks.length + article.unplaced.length,
  }));
  if (articleOrder.by !== "order") {
    const { of } = ORDERS[articleOrder.by];
    const collator = new Intl.Collator("en");
    const compare =
      articleOrder.by === "title"
        ? (a, b) => collator.compare(of(a), of(b))
        : (a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0);
    rows.sort((a, b) => compare(a, b) || a.article.number - b.article.number);
  }
  if (articleOrder.reversed) rows.reverse();
  const { shown, nav } = paged(rows, ARTICLES_SHOWN, pages.articles || 0, (to) => redraw("articles", to), "articles");
  const body = shown.length
    ? [articleTable(shown, redraw), nav]
    : [el("p", { class: "empty" }, "No article matches the filters.")];
  return section("articles", "Articles", rows.length, body);
}

function articleTable(rows, redraw) {
  const sort = (by) => {
    articleOrder = { by, reversed: articleOrder.by === by && !articleOrder.reversed };
    redraw("articles", 0);
  };
  const head = Object.entries(ORDERS).map(([by, { label, number }]) => {
    const current = articleOrder.by === by;
    const direction = current ? (articleOrder.reversed === Boolean(number) ? "ascending" : "descending") : null;
    const arrow = current ? (direction === "ascending" ? " ↑" : " ↓") : "";
    return el(
      "th",
      { scope: "col", class: `${by}${number ? " figure" : ""}`, "aria-sort": direction },
      el("button", { type: "button", class: "plain", id: `sort-${by}`, onclick: () => sort(by) }, label, arrow),
    );
  });
  return el(
    "table",
    { class: "articles" },
    el("thead", null, el("tr", null, head)),
    el("tbody", null, rows.map(articleRow)),
  );
}

function articleRow({ article, numbers, checks }) {
  const figure = (number, label) =>
    el("td", { class: "figure", "data-label": label }, number ? count(number) : el("span", { class: "zero" }, "0"));
  return el(
    "tr",
    null,
    el("td", { class: "order" }, count(article.number + 1)),
    el("td", { class: "published" }, article.published === null ? "no date" : dayInWords(article.published)),
    el(
      "th",
      { scope: "row", dir: "auto" },
      el("a", { href: linkTo(article), class: "open" }, clip(article.title, 160)),
    ),
    numbers.map((number, layer) => figure(number, LAYERS[layer])),
    figure(checks, "to check"),
  );
}
