// What a person should look at: checks, items that could not be placed, articles that failed. And how the run went.

const CHECK_NAMES = {
  date_disagreement: "Date read differently by model and code",
  uncovered_quotation: "Quotation that no item covers",
  uncovered_statement: "Attributed statement that no item covers",
  uncovered_plan: "Dated plan that no item covers",
  speaker_disagreement: "Another speaker seems to be named",
  unknown_speaker: "Speaker not in the model’s own list",
  example_leak: "Passage of a worked example returned",
  truncated: "Answer cut off",
  read_in_parts: "Article read in parts",
  second_pass: "Missed passages asked for again",
  published_from_dateline: "Publication date taken from the dateline",
  no_publication_date: "No publication date",
  cue_not_found: "Cue not in the article",
  expression_not_found: "Words of the date not in the article",
  approximate_match: "Quote matched approximately",
  date_by_model: "Date by the model alone",
  date_unresolved: "Time without a date",
  unplaced: "Quote not found in the article",
};

const CHECKS_SHOWN = 30;

function checkName(code) {
  return CHECK_NAMES[code] || code.replace(/_/g, " ");
}

function attentionSection(corpus, selection, pages, redraw) {
  const articles = new Set(selection.articles);
  const items = new Set(selection.items);
  const wanted = (code) => !filters.checks.size || filters.checks.has(code);
  const checks = corpus.checks.filter(
    (check) => articles.has(check.article) && (!check.item || items.has(check.item)) && wanted(check.code),
  );
  const unplaced = corpus.unplaced.filter((entry) => articles.has(entry.article) && wanted("unplaced"));
  const groups = [...grouped(checks, (check) => check.code)].sort(
    (a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1),
  );
  const body = [
    groups.map(([code, rows]) => checkGroup(code, rows, pages, redraw)),
    unplaced.length ? unplacedGroup(unplaced, pages, redraw) : null,
    corpus.failures.length ? failuresGroup(corpus, pages, redraw) : null,
  ];
  const total = checks.length + unplaced.length + corpus.failures.length;
  return section(
    "check",
    "To check",
    total,
    total ? body : [el("p", { class: "empty" }, "Nothing asks for a second look.")],
  );
}

// Each kind is folded away until it is wanted; one that is opened stays open when the page is drawn anew.
const unfolded = new Set();

function folded(name, title, rows, pages, redraw, entry) {
  const content = el("div");
  const draw = () => {
    const { shown, nav } = paged(rows, CHECKS_SHOWN, pages[name] || 0, (to) => redraw(name, to), title);
    content.replaceChildren(el("ul", { class: "findings" }, shown.map(entry)), nav || "");
  };
  const open = printing || unfolded.has(name);
  if (open) draw();
  const toggled = (event) => {
    if (event.target.open === unfolded.has(name)) return;
    if (event.target.open) {
      unfolded.add(name);
      draw();
    } else unfolded.delete(name);
  };
  return el(
    "details",
    { open, id: `fold-${name}`, ontoggle: toggled },
    el("summary", null, title, " ", el("span", { class: "number" }, count(rows.length))),
    content,
  );
}

function checkGroup(code, rows, pages, redraw) {
  return folded(code, checkName(code), rows, pages, redraw, (check) =>
    el(
      "li",
      null,
      el("a", { href: linkTo(check.article, check.item), dir: "auto" }, check.message),
      el("span", { class: "by" }, " ", publication(check.article)),
    ),
  );
}

function unplacedGroup(rows, pages, redraw) {
  return folded("unplaced", checkName("unplaced"), rows, pages, redraw, (entry) =>
    el(
      "li",
      null,
      unplacedWords(entry),
      el(
        "p",
        { class: "by" },
        entry.reason,
        " · ",
        el("a", { href: linkTo(entry.article) }, publication(entry.article)),
      ),
    ),
  );
}

function unplacedWords({ layer, item, speaker }) {
  const words = item.statement || item.action || (item.target ? `${VERBS[item.position] || ""} ${item.target}` : "");
  return [
    el(
      "p",
      { class: "saying", dir: "auto" },
      el("span", { class: `kicker ${layer}` }, LAYER_NAMES[LAYERS.indexOf(layer)]),
      " ",
      speaker ? [el("b", null, bdi(speaker.name)), ": "] : "",
      bdi(String(words)),
    ),
    item.quote ? el("blockquote", { dir: "auto" }, clip(String(item.quote), 400)) : null,
  ];
}

function failuresGroup(corpus, pages, redraw) {
  return folded("failures", "Article that could not be read", corpus.failures, pages, redraw, (failure) =>
    el(
      "li",
      { class: "failure" },
      el(
        "p",
        { class: "saying" },
        el("b", null, bdi(failure.article || failure.source || "an article")),
        ": ",
        el("span", { dir: "auto" }, failure.message),
      ),
      failure.hint ? el("p", null, failure.hint) : null,
      el(
        "p",
        { class: "by" },
        joined(
          [
            failure.error,
            failure.source ? bdi(failure.source) : null,
            plural(failure.attempts, "attempt"),
            failure.retryable ? "a later run may succeed" : "will fail again as it is",
          ].filter(Boolean),
          " · ",
        ),
      ),
      failure.last_output
        ? el(
            "details",
            null,
            el("summary", null, "The model’s last words"),
            el("pre", { dir: "auto", tabindex: "0" }, failure.last_output),
          )
        : null,
    ),
  );
}

function runSection(corpus) {
  const files = corpus.files.map((file) =>
    el("div", { class: "run" }, el("h3", null, bdi(file.name)), facts(runFacts(file, corpus))),
  );
  return section("run", "How this was made", null, files);
}

function runFacts(file, corpus) {
  const { manifest, totals } = file;
  const runs = new Set(corpus.articles.filter((article) => article.file === file).map((article) => article.run));
  const found = [...runs].flatMap(([model, prompt, digest, version]) => [
    ["Model", model],
    ["Prompt", digest ? `${prompt} (${digest.slice(0, 12)})` : prompt],
    ["Program", `extractor ${version}`],
  ]);
  found.push(["Articles", `${count(totals.articles)} read, ${count(totals.failures)} failed`]);
  if (totals.attempts) found.push(["Questions", `${count(totals.attempts)} to the model`]);
  if (totals.input_tokens)
    found.push(["Tokens", `${count(totals.input_tokens)} in, ${count(totals.output_tokens)} out`]);
  if (!manifest) return [...found, ["Manifest", "there is none beside this file"]];
  found.push(["State", manifest.state]);
  found.push([
    "Last run",
    `${manifest.started.replace("T", " ").slice(0, 16)} UTC, ${count(Math.round(manifest.seconds))} seconds; read ${count(manifest.read)} = ${count(manifest.written)} written + ${count(manifest.failed)} failed + ${count(manifest.skipped)} skipped`,
  ]);
  if (manifest.from_cache) found.push(["From the cache", count(manifest.from_cache)]);
  const settings = Object.entries(manifest.settings).filter(
    ([, value]) => value !== null && value !== false && value !== "",
  );
  if (settings.length)
    found.push([
      "Settings",
      settings
        .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", "),
    ]);
  const versions = Object.entries(manifest.versions);
  if (versions.length) found.push(["Libraries", versions.map((pair) => pair.join(" ")).join(", ")]);
  return found;
}

const facts = (rows) =>
  el(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", { dir: "auto" }, value))),
  );
