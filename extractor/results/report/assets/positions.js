// Who stands where: a table of the targets that several speakers take a position on, then every speaker's positions.

const TARGETS_SHOWN = 15;
const COLUMNS_SHOWN = 8;
const STANDING_SHOWN = 15;
const PHRASES_SHOWN = 6;

function positionsSection(corpus, selection, pages, redraw) {
  const stances = selection.items.filter((item) => item.layer === 1 && item.speaker);
  const bySpeaker = [...grouped(stances, (item) => item.speaker)].sort(
    (a, b) => b[1].length - a[1].length || a[0].number - b[0].number,
  );
  const body = [];
  if (!stances.length) body.push(el("p", { class: "empty" }, "Nobody takes a position here."));
  else {
    const shared = [...grouped(stances, (item) => item.target)]
      .map(([target, items]) => ({ target, items, speakers: new Set(items.map((item) => item.speaker)).size }))
      .filter((row) => row.speakers > 1)
      .sort((a, b) => b.speakers - a.speakers || b.items.length - a.items.length || a.target - b.target);
    if (shared.length) {
      const { shown, nav } = paged(
        shared,
        TARGETS_SHOWN,
        pages.targets || 0,
        (to) => redraw("targets", to),
        "shared targets",
      );
      body.push(
        el("h3", null, "Where positions meet"),
        signLegend(),
        matrix(corpus, shown),
        nav,
        el("h3", null, "Speaker by speaker"),
      );
    }
    const { shown, nav } = paged(
      bySpeaker,
      STANDING_SHOWN,
      pages.standing || 0,
      (to) => redraw("standing", to),
      "speakers",
    );
    body.push(standingTable(shown), nav);
  }
  return section("positions", "Who stands where", stances.length, body);
}

function grouped(items, key) {
  const found = new Map();
  for (const item of items) {
    const place = key(item);
    if (!found.has(place)) found.set(place, []);
    found.get(place).push(item);
  }
  return found;
}

const signLegend = () =>
  el(
    "p",
    { class: "legend" },
    LABELS[1].map((position) => el("span", null, sign(position), position)),
  );
const sign = (position) => el("span", { class: `sign ${position}`, "aria-hidden": "true" }, SIGNS[position]);

function matrix(corpus, rows) {
  const speakers = [...new Set(rows.flatMap((row) => row.items).map((item) => item.speaker))]; // of the first targets first
  const columns = speakers.slice(0, COLUMNS_SHOWN);
  const others = speakers.length > columns.length;
  const head = columns.map((speaker) => el("th", { scope: "col" }, bdi(speaker.name)));
  const body = rows.map((row) => {
    const cells = columns.map((speaker) =>
      el(
        "td",
        null,
        verdict(
          corpus,
          row.items.filter((item) => item.speaker === speaker),
        ),
      ),
    );
    const rest = row.items.filter((item) => !columns.includes(item.speaker));
    return el(
      "tr",
      null,
      el("th", { scope: "row", dir: "auto" }, corpus.targets[row.target]),
      cells,
      others ? el("td", null, verdict(corpus, rest)) : null,
    );
  });
  return el(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": "Positions on shared targets" },
    el(
      "table",
      { class: "matrix" },
      el(
        "thead",
        null,
        el(
          "tr",
          null,
          el("th", { scope: "col" }, "On"),
          head,
          others ? el("th", { scope: "col" }, `${count(speakers.length - columns.length)} others`) : null,
        ),
      ),
      el("tbody", null, body),
    ),
  );
}

// One stance leads to its passage; several are counted and lead to their list.
function verdict(corpus, items) {
  if (!items.length) return null;
  const byPosition = grouped(items, (item) => item.label);
  const shown = LABELS[1].filter((position) => byPosition.has(position));
  const words = shown
    .map(
      (position) => `${position}${byPosition.get(position).length > 1 ? ` (${byPosition.get(position).length})` : ""}`,
    )
    .join(", ");
  const signs = shown.map((position) => [
    sign(position),
    byPosition.get(position).length > 1 ? el("span", { class: "times" }, byPosition.get(position).length) : null,
  ]);
  const href = items.length === 1 ? linkTo(items[0].article, items[0]) : listOf(items, corpus);
  return el("a", { href, class: "verdict", "aria-label": words, title: words }, signs);
}

// The address of the list of statements, narrowed to what these stances share.
function listOf(items, corpus) {
  const query = new URLSearchParams(filtersToQuery());
  query.delete("what");
  for (const position of LABELS[1]) query.append("what", `stances.${position}`);
  query.delete("target");
  query.append("target", corpus.targets[items[0].target]);
  const speakers = new Set(items.map((item) => item.speaker.key));
  if (speakers.size === 1) query.set("speaker", [...speakers][0]);
  return `#statements?${query}`;
}

function standingTable(rows) {
  const used = LABELS[1].filter((position) => rows.some(([, items]) => items.some((item) => item.label === position)));
  const heads = { support: "Supports", oppose: "Opposes", mixed: "Mixed", neutral: "Neutral" };
  return el(
    "table",
    { class: "standing" },
    el(
      "thead",
      null,
      el(
        "tr",
        null,
        el("th", { scope: "col" }, "Speaker"),
        used.map((position) => el("th", { scope: "col" }, sign(position), heads[position])),
      ),
    ),
    el(
      "tbody",
      null,
      rows.map(([speaker, items]) =>
        el(
          "tr",
          null,
          el(
            "th",
            { scope: "row" },
            bdi(speaker.name),
            speaker.details[0] ? el("span", { class: "role", dir: "auto" }, clip(speaker.details[0], 90)) : null,
          ),
          used.map((position) =>
            el(
              "td",
              { "data-label": heads[position] },
              phrases(
                items.filter((item) => item.label === position),
                speaker,
                position,
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

function phrases(items, speaker, position) {
  if (!items.length) return null;
  const rows = items
    .slice(0, PHRASES_SHOWN)
    .map((item) => el("li", { dir: "auto" }, el("a", { href: linkTo(item.article, item) }, item.text)));
  if (items.length > rows.length) {
    const query = new URLSearchParams(filtersToQuery());
    query.set("speaker", speaker.key);
    query.set("what", `stances.${position}`);
    rows.push(
      el(
        "li",
        { class: "rest" },
        el("a", { href: `#statements?${query}` }, `and ${count(items.length - rows.length)} more`),
      ),
    );
  }
  return el("ul", null, rows);
}
