// What the reader wants to see, in memory and in the address, and which items and articles that is.

const filters = {
  words: "",
  labels: new Set(),
  speakers: new Set(),
  targets: new Set(),
  checks: new Set(),
  dueFrom: "",
  dueTo: "",
  from: "",
  to: "",
};
const SETS = { what: "labels", speaker: "speakers", target: "targets", check: "checks" };
const WORDS = { q: "words", "due-from": "dueFrom", "due-to": "dueTo", from: "from", to: "to" };

// Checks that the page makes of the records themselves.
const OWN_CHECKS = {
  approximate_match: (item) => item.match === "fuzzy",
  date_by_model: (item) => item.when && item.when.basis === "model",
  date_unresolved: (item) => item.when && item.when.basis === "unresolved",
};

function filtersToQuery() {
  const query = new URLSearchParams();
  for (const [name, field] of Object.entries(WORDS)) if (filters[field]) query.set(name, filters[field]);
  for (const [name, field] of Object.entries(SETS)) for (const value of filters[field]) query.append(name, value);
  return query.toString();
}

function filtersFromQuery(text) {
  const query = new URLSearchParams(text);
  for (const [name, field] of Object.entries(WORDS)) filters[field] = query.get(name) || "";
  for (const [name, field] of Object.entries(SETS)) filters[field] = new Set(query.getAll(name));
}

const filtersActive = () => filtersToQuery() !== "";

function clearFilters() {
  filtersFromQuery("");
}

// The codes of all checks that touch an item: its own, those of its whole article, and those that the page makes.
function codesOf(item) {
  if (!item.codes) {
    const codes = new Set(generalCodes(item.article));
    for (const check of item.checks) codes.add(check.code);
    for (const code in OWN_CHECKS) if (OWN_CHECKS[code](item)) codes.add(code);
    item.codes = codes.size ? [...codes] : NOTHING;
  }
  return item.codes;
}

function generalCodes(article) {
  article.codes = article.codes || article.checks.filter((check) => !check.item).map((check) => check.code);
  return article.codes;
}

function articleCodes(article) {
  const codes = article.checks.map((check) => check.code);
  if (article.unplaced.length) codes.push("unplaced");
  return codes;
}

function publishedPasses(article) {
  if (!filters.from && !filters.to) return true;
  if (article.published === null) return false;
  return (
    (!filters.from || article.published >= dayOf(filters.from)) &&
    (!filters.to || article.published <= dayOf(filters.to))
  );
}

// A plan passes if some day that it can mean lies in the range.
function duePasses(item) {
  if (!item.when || !item.when.dated) return false;
  const [first, last] = reachOf(item);
  return (!filters.dueFrom || last >= dayOf(filters.dueFrom)) && (!filters.dueTo || first <= dayOf(filters.dueTo));
}

// The days that a plan can mean, open ends included: what has no first day lies after the article's publication.
function reachOf({ when, article }) {
  const published = article.published === null ? -Infinity : Math.min(article.published, when.last);
  return [when.first === null ? published : when.first, when.last === null ? Infinity : when.last];
}

// One test per group of filters; the counts beside a group's choices leave out the group itself.
const ITEM_TESTS = {
  words: (item, found) => found.items.has(item.number),
  labels: (item) => filters.labels.has(item.facet),
  speakers: (item) => item.voices.some((who) => filters.speakers.has(who.key)),
  targets: (item, found, corpus) => filters.targets.has(corpus.targets[item.target]),
  checks: (item) => codesOf(item).some((code) => filters.checks.has(code)),
  due: duePasses,
  published: (item) => publishedPasses(item.article),
};

function activeGroups(found) {
  const active = { words: found, due: filters.dueFrom || filters.dueTo, published: filters.from || filters.to };
  for (const field of Object.values(SETS)) active[field] = filters[field].size;
  return Object.keys(ITEM_TESTS).filter((group) => active[group]);
}

// The items and articles that pass, and how many items each choice of a group would leave.
function select(corpus, found) {
  const items = [];
  const counts = { labels: new Map(), speakers: new Map(), checks: new Map() };
  const add = (group, key) => counts[group].set(key, (counts[group].get(key) || 0) + 1);
  const active = activeGroups(found);
  for (const item of corpus.items) {
    let failed = null;
    let failures = 0;
    for (const group of active) {
      if (ITEM_TESTS[group](item, found, corpus)) continue;
      failed = group;
      if (++failures > 1) break;
    }
    if (failures > 1) continue;
    if (!failures) items.push(item);
    if (!failures || failed === "labels") add("labels", item.facet);
    if (!failures || failed === "speakers") for (const who of item.voices) add("speakers", who.key);
    if (!failures || failed === "checks") for (const code of codesOf(item)) add("checks", code);
  }
  return { items, counts, articles: selectArticles(corpus, found, items), found };
}

function selectArticles(corpus, found, items) {
  const holding = new Set(items.map((item) => item.article));
  const byItem =
    filters.labels.size || filters.speakers.size || filters.targets.size || filters.dueFrom || filters.dueTo;
  return corpus.articles.filter((article) => {
    if (!publishedPasses(article)) return false;
    if (byItem) return holding.has(article);
    if (filters.checks.size && !holding.has(article) && !articleCodes(article).some((code) => filters.checks.has(code)))
      return false;
    return !found || found.articles.has(article.number) || holding.has(article);
  });
}
