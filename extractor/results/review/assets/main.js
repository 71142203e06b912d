// One reviewer at work: which item is looked at, and what is done with it.

import { get, post } from "./api.js";
import { ArticleView } from "./article.js";
import { showCard, showFinished, showQueue } from "./card.js";
import { bdi, byId, count, el, tell } from "./dom.js";
import { Form } from "./form.js";
import { listen, showKeys } from "./keys.js";
import { LAYER, OUTCOME } from "./words.js";

const POLL = 2000; // milliseconds between looks at what others decided

const view = new ArticleView();
const state = { desk: null, key: null, entry: null, article: null, page: null, form: null, busy: 0, warned: false };
const wanted = { order: "doubtful", show: "todo", layer: "" };

const SHOW = { todo: "To do", untouched: "Nobody decided yet", disputed: "Disputed", commented: "Commented", decided: "Decided by me", all: "All" };
const ORDER = { doubtful: "Doubtful first", reading: "Reading order" };

const sameKey = (one, other) => one && other && one.article === other.article && one.item === other.item;

// Requests of the reviewer are worked off one after the other. Problems are told; what was typed stays.
let turn = Promise.resolve();

function inTurn(work) {
  busy(1);
  turn = turn
    .catch(() => {})
    .then(() => told(work))
    .finally(() => busy(-1));
  return turn;
}

function busy(step) {
  state.busy += step;
  byId("side").setAttribute("aria-busy", state.busy > 0);
}

// A key that is pressed while a decision is being saved must not decide about the next item.
const attempt = (work) => (state.busy ? turn : inTurn(work));

async function told(work) {
  try {
    await work();
    warn(null);
  } catch (error) {
    if (error.status === undefined) throw error;
    if (error.status === 0 || error.status === 403 || error.status >= 500) warn(error.message);
    else tell(error.message, true);
  }
}

// What stands between the reviewer and further work, for as long as it does.
function warn(message) {
  byId("banner").textContent = message || "";
  byId("banner").hidden = !message;
}

// The queue around an entry

async function loadQueue(key) {
  const query = { order: wanted.order, show: wanted.show };
  if (wanted.layer) query.layer = wanted.layer;
  state.page = await get("queue", key ? { ...query, ...key } : query);
  showProgress(state.page);
}

function neighbour(step) {
  const { rows, at, listed } = state.page;
  return step > 0 ? rows[listed ? at + 1 : at] : rows[at - 1];
}

async function open(key, { focus = true } = {}) {
  leaveForm();
  const around = key && { article: key.article, item: key.item };
  await loadQueue(around);
  const row = around || state.page.rows[state.page.at];
  state.key = row ? { article: row.article, item: row.item } : null;
  if (!state.key) {
    state.entry = null;
    if (view.id !== null) view.show(await get("article", { id: view.id }));
    view.paint(null);
    showFinished(state.page.progress, state.desk, wanted.show);
    showQueue(state.page, null, go);
    return;
  }
  const address = `#${encodeURIComponent(state.key.article)}/${encodeURIComponent(state.key.item)}`;
  if (location.hash !== address) history.replaceState(null, "", address);
  await loadEntry();
  byId("side").scrollTop = 0;
  if (focus) byId("card").focus({ preventScroll: true });
}

async function loadEntry({ reveal = true } = {}) {
  const [entry, article] = await Promise.all([get("entry", state.key), get("article", { id: state.key.article })]);
  Object.assign(state, { entry, article });
  view.show(article);
  draw({ reveal });
}

function draw({ reveal = true } = {}) {
  const { entry, article } = state;
  showCard(entry, article.speakers, actions);
  showQueue(state.page, state.key, go);
  getSelection().removeAllRanges();
  const place = placeOf(entry);
  view.paint(place && { ...place, layer: entry.layer }, place ? wordsOf(entry, place) : []);
  if (place && reveal) view.reveal(place.from, place.to);
}

// Where the entry stands, in units; null for what has no place.
function placeOf(entry) {
  const quote = entry.now?.quote || (entry.kind === "unplaced" ? null : entry.before.quote);
  if (!quote || quote.start === undefined) return null;
  return { from: view.offsets.toUnit(quote.start), to: view.offsets.toUnit(quote.end) };
}

// The cue and the time, to be marked in the text.
function wordsOf(entry, place) {
  const item = entry.now;
  const spans = [];
  if (item?.cue) spans.push(view.nearest(item.cue, place.from));
  if (item?.when?.span) spans.push(item.when.span.map((point) => view.offsets.toUnit(point)));
  return spans.filter(Boolean);
}

const go = (row) => inTurn(() => open(row));

function step(direction) {
  inTurn(async () => {
    const row = neighbour(direction);
    if (row) await open(row);
    else tell(direction > 0 ? "This is the last one." : "This is the first one.");
  });
}

// Deciding

// Goes on to what came after the item before it was decided about.
async function decide(what, more = {}) {
  await attempt(async () => {
    const next = neighbour(1) || neighbour(-1);
    await post("decide", { ...state.key, what, ...more });
    tell(`${OUTCOME[what] || "Decided"}`.replace(/^./, (letter) => letter.toUpperCase()) + ". Undo with u.");
    await open(next);
  });
}

async function undo() {
  await attempt(async () => {
    const here = state.entry?.mine ? state.key : {};
    const { undone } = await post("undo", here);
    if (!undone) return tell("You have decided nothing that could be taken back.");
    tell("Taken back.");
    const exists = await get("entry", undone).catch(() => null);
    await open(exists ? undone : state.key && !sameKey(undone, state.key) ? state.key : null);
  });
}

function comment() {
  if (!state.entry || state.form) return;
  const text = el("textarea", { rows: 3, "aria-label": "Comment", dir: "auto" });
  const save = async () => {
    if (!text.value.trim()) return leave();
    await attempt(async () => {
      await post("decide", { ...state.key, what: "comment", comment: text.value });
      tell("Comment saved.");
      await open(state.key);
    });
  };
  const leave = () => (draw(), byId("card").focus({ preventScroll: true }));
  const keys = (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    else return;
    event.preventDefault();
  };
  const button = (words, key, act, kind) => el("button", { type: "button", class: kind, onclick: act }, words, el("kbd", null, key));
  const box = el("div", { onkeydown: keys }, el("div", { class: "field" }, el("label", null, el("span", { class: "label" }, "Comment"), text)), el("div", { class: "actions" }, button("Save", "Ctrl Enter", save, "first"), button("Cancel", "Esc", leave)));
  byId("card").querySelector(".actions").replaceWith(box);
  text.focus();
}

// Forms

function leaveForm() {
  state.form?.close();
  state.form = null;
}

function cancel() {
  leaveForm();
  draw();
  byId("card").focus({ preventScroll: true });
}

async function saveSpeaker(name, fields) {
  let saved = false;
  await attempt(async () => {
    await post("speaker", { article: view.id, name, form: fields });
    saved = true;
    tell("The source is corrected, for all items of this article.");
  });
  return saved;
}

function edit() {
  const { entry, article } = state;
  if (!entry || state.form) return;
  if (!entry.layer) return add();
  const item = entry.now || (entry.kind === "unplaced" ? entry.before.item : entry.before);
  const selected = view.selection();
  getSelection().removeAllRanges();
  const names = Object.fromEntries(article.speakers.map((speaker) => [speaker.id, speaker.name]));
  const named = entry.kind === "unplaced" && !entry.now ? { ...item, speaker: names[item.speaker] ?? item.speaker, via: (item.via || []).map((id) => names[id] ?? id) } : item;
  state.form = new Form({
    entry, layer: entry.layer, item: named, view, speakers: article.speakers, choices: state.desk.choices, passage: selected || placeOf(entry), cancel, saveSpeaker,
    done: async (form) => {
      const next = neighbour(1) || neighbour(-1);
      await post("decide", { ...state.key, what: "correct", form });
      tell("Corrected. Undo with u.");
      await open(next);
    },
  });
}

function add() {
  const { entry, article } = state;
  if (!article || state.form) return;
  const passage = view.selection() || (entry?.kind === "gap" ? placeOf(entry) : null);
  getSelection().removeAllRanges();
  view.paint(null);
  const layer = entry?.doubts.some(({ code }) => code === "uncovered_plan") ? "commitments" : "claims";
  state.form = new Form({
    entry: null, layer, item: null, view, speakers: article.speakers, choices: state.desk.choices, passage, cancel, saveSpeaker,
    done: async (form, chosen) => {
      const next = entry?.kind === "gap" ? neighbour(1) || neighbour(-1) : state.key;
      await post("add", { article: view.id, layer: chosen, form });
      tell(`${LAYER[chosen]} added. Undo with u.`);
      await open(next);
    },
  });
}

const actions = {
  accept: () => !state.form && state.entry && decide("accept"),
  reject: () => !state.form && state.entry && decide("reject"),
  agree: (who) => decide("agree", { who }),
  correct: edit,
  comment,
  undo: () => !state.form && undo(),
  add,
};

// The frame around it

function showProgress({ progress, troubles, outdated }) {
  byId("bar").max = Math.max(1, progress.total);
  byId("bar").value = progress.decided;
  byId("count").textContent = `${count(progress.decided)} of ${count(progress.total)}`;
  const others = Object.entries(progress.others).map(([name, number]) => [" · ", bdi(name), ` ${count(number)}`]);
  byId("people").replaceChildren(el("b", null, bdi(state.desk.reviewer)), ...others.flat());
  if (outdated) byId("outdated").textContent = `${state.desk.file} has been written to since the review began. Start it again to see the new items; decisions are kept.`;
  byId("outdated").hidden = !outdated;
  if (troubles.length && !state.warned) {
    state.warned = true;
    tell(troubles.join(" "), true);
  }
}

function buildView() {
  const select = (name, label, options) => {
    const control = el("select", { "aria-label": label, onchange: () => ((wanted[name] = control.value), remember(), control.blur(), inTurn(() => open(null))) }, Object.entries(options).map(([value, words]) => el("option", { value, selected: value === wanted[name] }, words)));
    control.dataset.name = name;
    return control;
  };
  byId("view").replaceChildren(
    select("layer", "Layer", { "": "All layers", claims: "Claims", stances: "Stances", commitments: "Commitments" }),
    select("order", "Order", ORDER),
    select("show", "Show", SHOW),
  );
}

const remember = () => sessionStorage.setItem("review", JSON.stringify(wanted));

function switchTo(name, value) {
  wanted[name] = wanted[name] === value ? "" : value;
  if (name === "order") wanted.order = value;
  remember();
  buildView();
  inTurn(() => open(null));
}

async function poll() {
  const atWork = () => state.busy || state.form || view.selection() || document.activeElement?.closest("textarea, input, select");
  if (document.hidden || atWork()) return;
  const answer = await get("changes").catch((error) => warn(error.message));
  if (answer) showProgress(answer);
  if (!answer || answer.revision === state.page?.revision || atWork()) return;
  await attempt(async () => {
    await loadQueue(state.key);
    if (state.key) await loadEntry({ reveal: false });
    else await open(null);
  });
}

function watchSelection() {
  document.addEventListener("selectionchange", () => {
    const selected = view.article ? view.selection() : null;
    byId("selected").hidden = !selected || Boolean(state.form);
    if (selected && !byId("selected").childElementCount) {
      const button = (words, key, act) => el("button", { type: "button", class: "plain", onmousedown: (event) => event.preventDefault(), onclick: act }, el("kbd", null, key), ` ${words}`);
      byId("selected").replaceChildren("Selected:", button("use as quote", "e", edit), button("new item", "n", add));
    }
  });
  byId("paper").addEventListener("pointerup", () => {
    // The selection is final only after the event.
    setTimeout(() => {
      const selected = view.selection();
      if (selected && state.form) {
        state.form.pick(selected);
        getSelection().removeAllRanges();
      }
    });
  });
  byId("paper").addEventListener("click", (event) => {
    if (state.form || view.selection()) return;
    const passage = view.passageAt(event.clientX, event.clientY);
    if (passage && !sameKey(passage, state.key)) go(passage);
  });
}

function fromAddress() {
  const [article, item] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return article && item ? { article, item } : null;
}

async function start() {
  state.desk = await get("desk");
  Object.assign(wanted, JSON.parse(sessionStorage.getItem("review") || "{}"));
  document.title = `Review · ${state.desk.file}`;
  byId("file").textContent = state.desk.file;
  buildView();
  const asked = fromAddress();
  const there = asked && (await get("entry", asked).catch(() => null));
  await open(there ? asked : null);
}

listen({
  j: () => !state.form && step(1),
  k: () => !state.form && step(-1),
  a: actions.accept,
  r: actions.reject,
  e: edit,
  u: actions.undo,
  c: comment,
  n: add,
  o: () => !state.form && switchTo("order", wanted.order === "doubtful" ? "reading" : "doubtful"),
  1: () => !state.form && switchTo("layer", "claims"),
  2: () => !state.form && switchTo("layer", "stances"),
  3: () => !state.form && switchTo("layer", "commitments"),
  "?": showKeys,
  Escape: () => state.form && cancel(),
});
watchSelection();
addEventListener("hashchange", () => {
  const key = fromAddress();
  if (key && !sameKey(key, state.key)) go(key);
});
attempt(start).then(() => setInterval(poll, POLL));
