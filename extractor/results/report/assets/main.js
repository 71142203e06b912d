// What the address says is what is shown: "#article/ID/ITEM", "#SECTION" or nothing, each with "?" and the filters.

let corpus = null;
let selection = null;
let route = { article: null, item: null, section: null };
let latest = 0; // number of the newest drawing; older ones give up
let frontScroll = 0;

const SEARCH_DELAY = 180;
let searchTimer = 0;

function readAddress() {
  const [path, query] = splitOnce(location.hash.slice(1), "?");
  filtersFromQuery(query);
  const [first, ...rest] = path.split("/").map(decoded);
  const article = first === "article" ? corpus.articleByKey.get(rest[0]) || null : null;
  const item = article && rest[1] ? article.items.find((entry) => entry.id === rest[1]) || null : null;
  return {
    article,
    item,
    section: SECTIONS[first] ? first : null,
    missing: first === "article" && !article ? rest[0] : null,
  };
}

function splitOnce(text, mark) {
  const place = text.indexOf(mark);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + 1)];
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function writeAddress() {
  const query = filtersToQuery();
  const path = route.article ? linkTo(route.article, route.item, "") : `#${route.section || ""}`;
  history.replaceState(null, "", path + (query ? `?${query}` : ""));
}

// Draws what the address and the filters ask for. Searching takes time: a newer call overtakes an older one.
async function draw() {
  const number = ++latest;
  let found = null;
  if (searchWords(filters.words).length) {
    const progress = (done, all) =>
      (byId("progress").textContent = `Searched ${count(done)} of ${plural(all, "article")} …`);
    found = await search(corpus, filters.words, () => number !== latest, progress);
    if (!found) return false;
    byId("progress").textContent = "";
  }
  selection = select(corpus, found);
  if (route.article) await drawArticle(corpus, selection, route.article);
  else drawFront(corpus, selection, filtersChanged);
  if (number !== latest) return draw();
  updateSidebar(corpus, selection, filtersChanged);
  document.body.classList.toggle("in-article", Boolean(route.article));
  return true;
}

async function filtersChanged(field) {
  clearTimeout(searchTimer);
  const now = async () => {
    writeAddress();
    if (!(await draw())) return;
    if (route.article && chosen) choose(chosen, "note");
    announce(`${plural(selection.items.length, "item")} in ${plural(selection.articles.length, "article")}`);
  };
  if (field === "words") searchTimer = setTimeout(now, SEARCH_DELAY);
  else await now();
}

async function follow() {
  const before = route;
  const wasFront = !before.article;
  const query = filtersToQuery();
  if (wasFront) frontScroll = scrollY;
  route = readAddress();
  const sameArticle = route.article && route.article === before.article && filtersToQuery() === query;
  if (!sameArticle && !(await draw())) return;
  if (route.missing) announce(`There is no article ${route.missing} in this report.`);
  if (route.article) {
    if (!sameArticle) {
      scrollTo(0, 0);
      if (!route.item) document.querySelector("h1").focus({ preventScroll: true });
    }
    choose(route.item);
  } else {
    choose(null);
    if (route.section) {
      byId(`title-${route.section}`).scrollIntoView({ block: "start" });
      byId(`title-${route.section}`).focus({ preventScroll: true });
    } else if (before.article) scrollTo(0, frontScroll);
  }
}

function chooseHere(item, scroll) {
  route.item = item;
  writeAddress();
  choose(item, scroll);
}

// A click on a passage or a note; on overlapping passages each click goes on to the next item, shortest quote first.
function clicked(event) {
  if (!route.article || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { target } = event;
  const link = target.closest("a[data-item], .note .number");
  const beside = target.closest(".note");
  const passage = target.closest(".passage[data-items]");
  const place = (node) => route.article.items[node.dataset.item - 1];
  if (link) {
    event.preventDefault();
    chooseHere(place(link.closest("[data-item]")), beside ? "passage" : "note");
  } else if (beside && !target.closest("a, summary") && getSelection().isCollapsed) {
    chooseHere(place(beside), "passage");
  } else if (passage && getSelection().isCollapsed) {
    const items = passage.dataset.items.split(" ").map((number) => route.article.items[number - 1]);
    items.sort((a, b) => a.end - a.start - (b.end - b.start) || a.place - b.place);
    chooseHere(items[(items.indexOf(chosen) + 1) % items.length], "note");
  }
}

function step(by) {
  if (!route.article) return walk(by);
  const shown = [...document.querySelectorAll(".note")].map((node) => route.article.items[node.dataset.item - 1]);
  if (!shown.length) return undefined;
  const next = chosen ? shown.indexOf(chosen) + by : by > 0 ? 0 : shown.length - 1;
  return chooseHere(shown[Math.min(shown.length - 1, Math.max(0, next))], "both");
}

// As a click on a link, but at once: the next key already finds the new page.
function go(address) {
  history.pushState(null, "", address);
  follow();
}

function turn(by) {
  const articles = filtersActive() && selection.articles.includes(route.article) ? selection.articles : corpus.articles;
  const place = route.article ? articles.indexOf(route.article) + by : by > 0 ? 0 : -1;
  if (articles[place]) go(linkTo(articles[place]));
}

function onlyLayer(number) {
  const wanted = LABELS[number].map((label) => `${LAYERS[number]}.${label}`);
  const already = filters.labels.size === wanted.length && wanted.every((facet) => filters.labels.has(facet));
  filters.labels = new Set(already ? [] : wanted);
  filtersChanged("labels");
}

const back = () => {
  if (route.article) go(filtersActive() ? `#?${filtersToQuery()}` : "#");
};

function listen() {
  addEventListener("hashchange", follow);
  byId("main").addEventListener("click", clicked);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  byId("filters-toggle").addEventListener("click", ({ currentTarget }) => {
    const open = currentTarget.getAttribute("aria-expanded") !== "true";
    currentTarget.setAttribute("aria-expanded", String(open));
  });
  const print = (on) => () => {
    printing = on;
    if (!route.article) drawFront(corpus, selection, filtersChanged);
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
  listenToKeys({
    j: () => step(1),
    k: () => step(-1),
    n: () => turn(1),
    p: () => turn(-1),
    u: back,
    Escape: back,
    "/": () => {
      byId("filters-toggle").setAttribute("aria-expanded", "true");
      byId("filters").elements.words.focus();
    },
    1: () => onlyLayer(0),
    2: () => onlyLayer(1),
    3: () => onlyLayer(2),
    x: () => {
      clearFilters();
      filtersChanged("cleared");
    },
    "?": showHelp,
  });
}

async function start() {
  if (typeof DecompressionStream === "undefined" && document.querySelector("[data-encoding]")) {
    byId("main").append(el("p", null, "This page needs a browser of 2023 or later: its data is compressed."));
    return;
  }
  corpus = buildCorpus(await readBlock("index"));
  const links = Object.entries(SECTIONS).map(([id, name]) =>
    el("li", null, el("a", { href: `#${id}`, "data-section": id }, name)),
  );
  byId("sections").append(el("ul", null, links));
  byId("sections").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-section]");
    if (link) link.hash = `#${link.dataset.section}${filtersActive() ? "?" + filtersToQuery() : ""}`;
  });
  buildSidebar(corpus, filtersChanged);
  buildHelp();
  listen();
  await follow();
  document.documentElement.dataset.ready = "true";
}

start();
