// The search field and the filters. They are made once; their counts and choices change with every selection.

const SPEAKERS_SHOWN = 8;

function buildSidebar(corpus, changed) {
  const form = byId("filters");
  const text = (field, attributes) =>
    el("input", {
      ...attributes,
      name: field,
      oninput: (event) => {
        filters[field] = event.target.value;
        changed(field);
      },
    });
  const dates = (legend, from, to) =>
    el(
      "fieldset",
      { class: "dates" },
      el("legend", null, legend),
      el("label", null, el("span", null, "from"), text(from, { type: "date" })),
      el("label", null, el("span", null, "to"), text(to, { type: "date" })),
    );
  form.replaceChildren(
    el(
      "label",
      { class: "search" },
      el("span", null, "Search"),
      text("words", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: "Words or “a phrase”" }),
    ),
    el("p", { class: "quiet", id: "progress" }),
    el("p", { class: "active", id: "active" }),
    ...LAYERS.map((layer, number) =>
      el("fieldset", { id: `facet-${layer}` }, el("legend", null, LAYER_NAMES[number] + "s")),
    ),
    el(
      "fieldset",
      { id: "facet-speakers" },
      el("legend", null, "Speaker"),
      speakerFinder(corpus),
      el("div", { class: "choices" }),
    ),
    dates("Planned for", "dueFrom", "dueTo"),
    dates("Published", "from", "to"),
    el("fieldset", { id: "facet-checks" }, el("legend", null, "To check"), el("div", { class: "choices" })),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const { group, value } = event.target.dataset;
    if (!group) return;
    if (event.target.checked) filters[group].add(value);
    else filters[group].delete(value);
    changed(group);
  });
}

let sidebarView = null;

function speakerFinder(corpus) {
  const redraw = () => sidebarView && drawSpeakers(...sidebarView);
  return corpus.speakers.length > SPEAKERS_SHOWN
    ? el("input", {
        id: "speaker-finder",
        type: "search",
        "aria-label": "Find a speaker",
        placeholder: "Find a name",
        autocomplete: "off",
        spellcheck: "false",
        oninput: redraw,
      })
    : null;
}

function updateSidebar(corpus, selection, changed) {
  sidebarView = [corpus, selection];
  for (const field of Object.values(WORDS)) {
    const input = byId("filters").elements[field];
    if (input.value !== filters[field]) input.value = filters[field];
  }
  LAYERS.forEach((layer, number) => {
    const rows = LABELS[number].map((label) => {
      const facet = `${layer}.${label}`;
      return choice(
        "labels",
        facet,
        [layer === "commitments" ? swatch(label) : null, label],
        selection.counts.labels.get(facet) || 0,
      );
    });
    keepFocus(byId(`facet-${layer}`), () =>
      byId(`facet-${layer}`).replaceChildren(byId(`facet-${layer}`).firstChild, ...rows),
    );
  });
  drawSpeakers(corpus, selection);
  drawChecks(corpus, selection);
  drawActive(changed);
}

function choice(group, value, label, number) {
  const checked = filters[group].has(value);
  const box = el("input", {
    type: "checkbox",
    "data-group": group,
    "data-value": value,
    id: `choice-${group}-${value}`,
  });
  box.checked = checked;
  return el(
    "label",
    { class: number || checked ? "choice" : "choice none" },
    box,
    el("span", { class: "choice-name" }, label),
    el("span", { class: "number" }, count(number)),
  );
}

function drawSpeakers(corpus, selection) {
  const finder = byId("speaker-finder");
  const wanted = finder ? fold(finder.value.trim()) : "";
  const rank = (speaker) =>
    (filters.speakers.has(speaker.key) ? 1e9 : 0) + (selection.counts.speakers.get(speaker.key) || 0);
  const found = corpus.speakers.filter(
    (speaker) => rank(speaker) > 0 && (!wanted || fold(speaker.name).includes(wanted)),
  );
  const shown = found.sort((a, b) => rank(b) - rank(a)).slice(0, Math.max(SPEAKERS_SHOWN, filters.speakers.size));
  const rows = shown.map((speaker) =>
    choice("speakers", speaker.key, bdi(speaker.name), selection.counts.speakers.get(speaker.key) || 0),
  );
  const rest = found.length - shown.length;
  const box = byId("facet-speakers").lastChild;
  keepFocus(box, () => box.replaceChildren(...rows, rest ? el("p", { class: "rest" }, `and ${count(rest)} more`) : ""));
}

function drawChecks(corpus, selection) {
  const codes = new Set(corpus.checks.map((check) => check.code));
  for (const code of selection.counts.checks.keys()) codes.add(code);
  for (const code of filters.checks) codes.add(code);
  const rows = [...codes]
    .sort()
    .map((code) => choice("checks", code, checkName(code), selection.counts.checks.get(code) || 0));
  byId("facet-checks").hidden = rows.length === 0;
  const box = byId("facet-checks").lastChild;
  keepFocus(box, () => box.replaceChildren(...rows));
}

// Redrawing must not take the keyboard's place away.
function keepFocus(box, redraw) {
  const id = box.contains(document.activeElement) ? document.activeElement.id : null;
  redraw();
  if (id && byId(id)) byId(id).focus({ preventScroll: true });
}

function drawActive(changed) {
  const clear = (undo) => () => {
    undo();
    changed("cleared").then(() => byId("filters").elements.words.focus());
  };
  const targets = [...filters.targets].map((target) =>
    el(
      "button",
      { type: "button", class: "plain", onclick: clear(() => filters.targets.delete(target)) },
      "On: ",
      bdi(clip(target, 60)),
      " ×",
    ),
  );
  const all = el("button", { type: "button", class: "plain", onclick: clear(clearFilters) }, "Clear all filters");
  byId("active").replaceChildren(...targets, ...(filtersActive() ? [all] : []));
}
