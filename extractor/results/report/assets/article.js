// One article: each paragraph with the items that begin in it beside it. Underlines show what the text carries; a
// number stands where an item's quote begins. Choosing an item lights up its passage, and the other way round.

const MANY_ROWS = 150; // from here on, rows out of sight are not laid out

let chosen = null; // the item that is lit up

async function drawArticle(corpus, selection, article) {
  const text = await corpus.textOf(article);
  const passing = new Set(selection.items);
  const items = article.items.filter((item) => passing.has(item));
  const spans = spansOf(article, items, text);
  const parts = paragraphs(text);
  const byPart = spansByParagraph(parts, spans);
  const rows = parts.map((part, number) => rowOf(part, number, byPart[number], text, article, parts));
  byId("main").replaceChildren(
    headOf(corpus, article, items),
    el("div", { class: rows.length > MANY_ROWS ? "reading long" : "reading", lang: article.language || null }, rows),
    footOf(article),
  );
}

// Everything to be marked, in UTF-16 units: quotes, the words of planned dates, and passages that no item covers.
function spansOf(article, items, text) {
  const points = [];
  for (const item of items) points.push(item.start, item.end, ...((item.when && item.when.span) || []));
  for (const check of article.checks) if (check.span) points.push(...check.span);
  const unit = codeUnits(text, points);
  const spans = items.map((item) => ({ kind: LAYERS[item.layer], item, start: unit(item.start), end: unit(item.end) }));
  for (const { when } of items)
    if (when && when.span) spans.push({ kind: "when", start: unit(when.span[0]), end: unit(when.span[1]) });
  for (const check of article.checks) {
    if (!check.item && check.span)
      spans.push({ kind: "missed", start: unit(check.span[0]), end: unit(check.span[1]), check });
  }
  return spans;
}

function rowOf(part, number, spans, text, article, parts) {
  const before = number ? parts[number - 1].end : 0;
  const begins = (span) => span.item && (span.start >= part.start || span.start >= before);
  const starting = spans
    .filter(begins)
    .map((span) => span.item)
    .sort((a, b) => a.place - b.place);
  const pieces = segments(part.start, part.end, spans).map((piece) => segment(piece, text, part, article));
  const row = el(
    "div",
    { class: part.goesOn ? "row goes-on" : "row" },
    el("p", { class: "text", dir: "auto" }, pieces),
    starting.length ? el("ol", { class: "notes", lang: "en" }, starting.map(note)) : null,
  );
  if (parts.length > MANY_ROWS) row.style.containIntrinsicSize = `auto ${heightOf(part, starting)}px`;
  return row;
}

// About how high a row will be, so that the scroll bar is about right before it is laid out.
const heightOf = (part, items) => Math.max(35 * Math.ceil((part.end - part.start) / 62) + 16, 110 * items.length);

function segment(piece, text, part, article) {
  const words = text.slice(piece.start, piece.end);
  if (!piece.spans.length) return words;
  const items = piece.spans.map((span) => span.item).filter(Boolean);
  const kinds = [...new Set(piece.spans.map((span) => span.kind))];
  const check = piece.spans.find((span) => span.check);
  let node = el("span", { class: kinds.includes("when") ? "words when" : "words" }, words);
  for (const kind of ["missed", "commitments", "stances", "claims"])
    if (kinds.includes(kind)) node = el("span", { class: `line ${kind}` }, node);
  const starts = piece.spans.filter(
    (span) => span.item && Math.max(span.start, part.start) === piece.start && span.start >= part.start - 1,
  );
  const numbers = starts
    .map(({ item }) => item)
    .sort((a, b) => a.place - b.place)
    .map((item) =>
      el("a", {
        class: `mark ${LAYERS[item.layer]}`,
        href: linkTo(article, item),
        "data-number": item.place,
        "data-item": item.place,
        "aria-label": `${LAYER_NAMES[item.layer]} ${item.place}`,
      }),
    );
  return [
    numbers,
    el(
      "span",
      {
        class: "passage",
        "data-items": items.map((item) => item.place).join(" ") || null,
        title: check ? `${checkName(check.check.code)}: ${check.check.message}` : null,
      },
      node,
    ),
  ];
}

function headOf(corpus, article, items) {
  const place = article.number;
  const neighbour = (step, words, rel) => {
    const other = corpus.articles[place + step];
    return other ? el("a", { href: linkTo(other), rel }, words) : el("span", { class: "quiet" }, words);
  };
  const details = [
    article.published === null
      ? "no publication date"
      : el("time", { datetime: isoOf(article.published) }, dayInWords(article.published)),
    article.source ? bdi(article.source) : null,
    article.language,
    `read by ${article.run[0]}`,
  ].filter(Boolean);
  const hidden = article.items.length - items.length;
  return el(
    "header",
    { class: "article-head" },
    el(
      "nav",
      { class: "neighbours", "aria-label": "Articles" },
      el("a", { href: `#${filtersActive() ? "?" + filtersToQuery() : ""}`, class: "back" }, "Front page"),
      el(
        "span",
        null,
        neighbour(-1, "Previous", "prev"),
        el("span", { class: "quiet" }, ` ${count(place + 1)} of ${count(corpus.articles.length)} `),
        neighbour(1, "Next", "next"),
      ),
    ),
    el(
      "h1",
      { dir: "auto", tabindex: "-1", class: article.titled ? null : "untitled" },
      article.titled ? article.title : clip(article.title, 90),
    ),
    el("p", { class: "by" }, joined(details, " · ")),
    article.speakers.length
      ? el(
          "details",
          { class: "speakers", open: printing || null },
          el("summary", null, plural(article.speakers.length, "speaker")),
          el("ul", null, article.speakers.map(speakerLine)),
        )
      : null,
    el(
      "p",
      { class: "legend" },
      LAYERS.map(
        (layer, number) => el("span", null, el("span", { class: `line ${layer}` }, LAYER_NAMES[number].toLowerCase())),
        null,
      ),
      el("span", null, el("span", { class: "words when" }, "planned date")),
      article.checks.some((check) => check.span && !check.item)
        ? el("span", null, el("span", { class: "line missed" }, "covered by nothing"))
        : null,
    ),
    hidden
      ? el(
          "p",
          { class: "filtered", role: "note" },
          `The filters hide ${count(hidden)} of ${plural(article.items.length, "item")} here.`,
        )
      : null,
  );
}

function speakerLine({ who, role, affiliation }) {
  const more = [role, affiliation].filter((part) => part && part !== who.name).join(", ");
  return el(
    "li",
    { dir: "auto" },
    el("b", null, bdi(who.name)),
    more ? `, ${more}` : "",
    el("span", { class: "quiet" }, ` (${who.kind})`),
  );
}

function footOf(article) {
  const general = article.checks.filter((check) => !check.item);
  return el(
    "footer",
    { class: "article-foot" },
    article.unplaced.length
      ? [
          el("h2", null, "Could not be placed"),
          el("p", { class: "quiet" }, "The model gave these, but their quotes do not stand in the article."),
          el(
            "ul",
            { class: "findings" },
            article.unplaced.map((entry) =>
              el("li", null, unplacedWords(entry), el("p", { class: "by" }, entry.reason)),
            ),
          ),
        ]
      : null,
    general.length
      ? [
          el("h2", null, "To check in this article"),
          el(
            "ul",
            { class: "findings" },
            general.map((check) =>
              el("li", { dir: "auto" }, el("b", null, checkName(check.code)), ": ", check.message),
            ),
          ),
        ]
      : null,
  );
}

// Lights up an item and its passage. `scroll` names what to bring into view: "passage", "note" or both.
function choose(item, scroll = "both") {
  for (const node of document.querySelectorAll(".lit")) node.classList.remove("lit");
  chosen = item;
  if (!item) return;
  const passages = [...document.querySelectorAll(`.passage[data-items~="${item.place}"]`)];
  const beside = document.querySelector(`.note[data-item="${item.place}"]`);
  for (const node of [...passages, beside].filter(Boolean)) {
    node.classList.add("lit");
    if (node !== beside) node.dataset.lit = LAYERS[item.layer];
  }
  const [mark] = document.querySelectorAll(`.mark[data-item="${item.place}"]`);
  reveal(scroll === "passage" ? null : beside, scroll === "note" ? null : mark || passages[0]);
  if (scroll === "both" && beside) beside.querySelector(".number").focus({ preventScroll: true });
  announce(`${LAYER_NAMES[item.layer]} ${item.place}: ${item.text}`);
}

// Brings elements into view, the last one for certain. Rows out of sight have only a guessed height: what they hold is
// brought into view again while they are being laid out.
function reveal(...nodes) {
  const shown = nodes.filter(Boolean);
  const hidden = (node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return top < 70 || bottom > innerHeight - 20;
  };
  const show = () => {
    for (const node of shown)
      if (hidden(node)) node.scrollIntoView({ block: node.offsetHeight > innerHeight / 2 ? "start" : "center" });
  };
  show();
  if (!document.querySelector(".reading.long")) return;
  let frames = 10;
  const settle = () => {
    show();
    if (--frames) requestAnimationFrame(settle);
  };
  requestAnimationFrame(settle);
}
