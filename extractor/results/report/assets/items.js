// How an item is written, in lists and beside its passage.

const VERBS = { support: "supports", oppose: "opposes", mixed: "is of two minds about", neutral: "is neutral on" };
const SIGNS = { support: "+", oppose: "−", mixed: "±", neutral: "○" };

function linkTo(article, item, query = filtersToQuery()) {
  const place = [article.key, ...(item ? [item.id] : [])].map(encodeURIComponent).join("/");
  return `#article/${place}${query ? "?" + query : ""}`;
}

// "Foreign Office → Overchuk → Putin": outermost first, as in the record.
function chain(item) {
  if (!item.speaker) return el("span", { class: "chain" }, "the article’s own words");
  const names = item.via.map((who) => [bdi(who.name), el("span", { class: "arrow", "aria-label": "relays" }, " → ")]);
  return el("span", { class: "chain" }, names, el("b", null, bdi(item.speaker.name)));
}

function kicker(item) {
  return el(
    "span",
    { class: `kicker ${LAYERS[item.layer]}` },
    LAYER_NAMES[item.layer],
    el("span", { class: "label" }, item.layer === 2 ? [swatch(item.label), item.label] : item.label),
  );
}

const swatch = (firmness) => el("span", { class: `swatch ${firmness}`, "aria-hidden": "true" });

// What the item says, as one sentence or phrase.
function saying(item, named = true) {
  if (item.layer === 1)
    return [
      named && item.speaker ? [el("b", null, bdi(item.speaker.name)), " "] : "",
      `${VERBS[item.label]} `,
      bdi(item.text),
    ];
  if (item.layer === 2)
    return [item.actors.length ? [el("b", null, bdi(item.actors.join(", "))), ": "] : "", bdi(item.text)];
  return bdi(item.text);
}

function whenInWords(when) {
  if (!when) return null;
  const words = el("q", { dir: "auto" }, when.words);
  if (!when.dated) return [words, el("span", { class: "quiet" }, " (no date known)")];
  const edtf = when.edtf ? el("span", { class: "quiet", title: "the same as an EDTF string" }, ` ${when.edtf}`) : null;
  return [el("b", null, spanInWords(when.first, when.last)), " ", words, edtf];
}

// An item in a list of many: what, who, when, where; its quote is filled in as soon as the text is read.
function listEntry(item, corpus) {
  const quote = el("blockquote", { dir: "auto" });
  corpus.textOf(item.article).then((text) => (quote.textContent = clip(quoteOf(item, text), 320)));
  return el(
    "li",
    { class: "entry" },
    el("p", { class: "entry-head" }, kicker(item), " ", whenLine(item)),
    el(
      "p",
      { class: "saying", dir: "auto" },
      el("a", { href: linkTo(item.article, item), class: "open" }, saying(item)),
    ),
    quote,
    el("p", { class: "by" }, chain(item), " · ", publication(item.article)),
  );
}

function whenLine(item) {
  return item.when && item.when.dated
    ? el("span", { class: "due" }, spanInWords(item.when.first, item.when.last))
    : null;
}

function publication(article) {
  const title = el("cite", { dir: "auto" }, clip(article.title, 80));
  return article.published === null ? [title] : [title, ", ", dayInWords(article.published)];
}

// An item beside its passage, with all that the record says about it.
function note(item) {
  const facts = [
    item.layer === 2 && item.when ? ["When", whenInWords(item.when)] : null,
    item.condition ? ["Condition", el("span", { dir: "auto" }, item.condition)] : null,
    item.layer === 2 && item.speaker ? ["Said by", chain(item)] : null,
  ].filter(Boolean);
  const how = [
    item.match === "fuzzy" ? "quote matched approximately" : null,
    item.when && item.when.basis === "model" ? "date by the model alone" : null,
  ].filter(Boolean);
  return el(
    "li",
    { class: `note ${LAYERS[item.layer]}`, "data-item": item.place },
    el(
      "a",
      { class: "number", href: linkTo(item.article, item), "aria-label": `${LAYER_NAMES[item.layer]} ${item.place}` },
      item.place,
    ),
    el(
      "p",
      { class: "note-head" },
      kicker(item),
      item.delivery ? el("span", { class: "by" }, `, ${item.delivery}`) : null,
    ),
    item.layer === 2
      ? null
      : el(
          "p",
          { class: "by" },
          chain(item),
          item.cue ? [": ", el("q", { class: "cue", dir: "auto" }, item.cue)] : null,
        ),
    el("p", { class: "saying", dir: "auto" }, saying(item, false)),
    facts.length
      ? el(
          "dl",
          null,
          facts.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value))),
        )
      : null,
    how.length ? el("p", { class: "how" }, joined(how, " · ")) : null,
    item.checks.map((check) => el("p", { class: "check", dir: "auto" }, checkName(check.code), ": ", check.message)),
  );
}
