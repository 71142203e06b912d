// The item that is looked at, with what speaks against it and what was decided about it.

import { bdi, byId, count, el, plural } from "./dom.js";
import { KIND, LAYER, OUTCOME, VERBS, changes, days, doubt, moment, shortDoubt, textOf } from "./words.js";

// `actions` are functions by name; `speakers` the sources of the article.
export function showCard(entry, speakers, actions) {
  const item = entry.now || (entry.kind === "unplaced" ? entry.before.item : entry.kind === "gap" ? null : entry.before);
  const body = entry.layer ? itemBody(entry, item, speakers) : placeBody(entry);
  byId("card").className = `card ${entry.layer || "gap"}`;
  byId("card").replaceChildren(...[doubtList(entry), kicker(entry, item), ...body, history(entry, actions), buttons(entry, actions)].filter(Boolean));
}

function doubtList(entry) {
  if (!entry.doubts.length || !entry.layer) return null;
  return el("ul", { class: "doubts" }, entry.doubts.map(({ code, message }) => el("li", null, el("b", null, doubt(code)), el("span", { dir: "auto" }, message))));
}

function kicker(entry, item) {
  const labels = entry.layer ? [item.kind, item.position, item.firmness, item.delivery].filter(Boolean) : [];
  if (entry.kind in KIND && entry.layer) labels.push(KIND[entry.kind]);
  const state = entry.mine ? el("span", { class: "state" }, `${entry.layer ? OUTCOME[entry.mine] : "nothing missing"} by you`) : null;
  return el("p", { class: "kicker" }, entry.layer ? LAYER[entry.layer] : KIND[entry.kind], labels.map((label) => el("span", null, label)), state);
}

const nameOf = (name, speakers) => speakers.find((speaker) => speaker.name === name)?.now.name ?? name;

function chain(item, speakers) {
  if (!item.speaker) return el("p", { class: "chain quiet" }, "in the article’s own words");
  const via = (item.via || []).map((name) => [bdi(nameOf(name, speakers)), el("span", { class: "arrow", "aria-label": "relays" }, " → ")]);
  const now = speakers.find((speaker) => speaker.name === item.speaker)?.now;
  const about = now ? [now.role, now.affiliation].filter((part) => part && part !== now.name).join(", ") : "";
  return el("p", { class: "chain" }, via, el("b", null, bdi(nameOf(item.speaker, speakers))), about ? el("span", { class: "role", dir: "auto" }, about) : null);
}

function itemBody(entry, item, speakers) {
  const quote = typeof item.quote === "string" ? item.quote : item.quote?.exact;
  const saying = textOf(entry.layer, item);
  const text = entry.layer === "stances" ? [el("span", { class: "verb" }, `${VERBS[item.position] || item.position} `), bdi(saying)] : bdi(saying);
  const actors = (item.actors || []).join(", ");
  const facts = [
    actors ? ["Actors", el("span", { dir: "auto" }, actors)] : null,
    item.when ? ["When", [el("b", null, days(item.when) || "no days known"), " ", el("q", { dir: "auto", class: "quiet" }, item.when.expression)]] : null,
    item.condition ? ["If", el("span", { dir: "auto" }, item.condition)] : null,
    item.cue ? ["Cue", el("q", { dir: "auto" }, item.cue)] : null,
  ].filter(Boolean);
  return [
    chain(item, speakers),
    el("p", { class: "saying", dir: "auto" }, text),
    quote ? el("blockquote", { class: "quoted", dir: "auto" }, quote) : null,
    facts.length ? el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value)))) : null,
  ];
}

function placeBody(entry) {
  if (entry.kind === "empty") return [el("p", { class: "saying" }, "Is there really nothing in this article?")];
  return [
    el("p", { class: "saying" }, "Is an item missing here?"),
    el("blockquote", { class: "quoted", dir: "auto" }, entry.before.quote.exact),
    entry.doubts.map(({ message }) => el("p", { class: "why", dir: "auto" }, message)),
  ].flat();
}

function history(entry, actions) {
  if (!entry.history.length) return null;
  const shown = new Set();
  const lines = entry.history.map((decision) => {
    const differences = decision.after && decision.what === "correct" ? changes(entry.kind === "unplaced" ? entry.before.item : entry.before, decision.after) : [];
    const other = decision.holds && entry.others[decision.who] && !shown.has(decision.who);
    if (other) shown.add(decision.who);
    return el(
      "li",
      { class: decision.holds || decision.what === "comment" ? null : "gone" },
      el("b", null, bdi(decision.who)),
      ` ${entry.layer || decision.what !== "accept" ? OUTCOME[decision.what] : "found nothing missing"}`,
      decision.holds || decision.what === "comment" ? null : " (before)",
      el("time", { datetime: decision.when }, moment(decision.when)),
      other && !entry.mine ? el("button", { type: "button", class: "plain", onclick: () => actions.agree(decision.who) }, "agree") : null,
      decision.comment ? el("span", { class: "remark", dir: "auto" }, decision.comment) : null,
      differences.map(([name, old, now]) => el("span", { class: "change", dir: "auto" }, `${name}: `, el("span", { class: "was" }, old), " → ", el("b", null, now))),
    );
  });
  return el("ul", { class: "history", "aria-label": "Decisions and comments" }, lines);
}

function buttons(entry, actions) {
  const button = (name, key, words, more) =>
    el("button", { type: "button", onclick: actions[name], "aria-keyshortcuts": key, ...more }, words, el("kbd", { "aria-hidden": "true" }, key));
  const pressed = (what) => ({ "aria-pressed": entry.mine === what ? "true" : null });
  const first = { class: "first" };
  const choices = entry.layer
    ? [
        entry.kind === "unplaced" ? null : button("accept", "a", entry.kind === "vanished" ? "Keep" : "Accept", { ...first, ...pressed("accept") }),
        button("correct", "e", "Correct", { ...(entry.kind === "unplaced" ? first : {}), ...pressed("correct") }),
        button("reject", "r", "Reject", pressed("reject")),
      ]
    : [button("accept", "a", "Nothing missing", { ...first, ...pressed("accept") }), button("add", "n", "Add an item")];
  return el("div", { class: "actions" }, choices, button("comment", "c", "Comment", { class: "other" }), entry.mine ? button("undo", "u", "Undo", { class: "other" }) : null);
}

export function showFinished(progress, desk, show) {
  const rest = progress.total - progress.decided;
  const all = show === "todo" || !rest;
  byId("card").className = "card";
  byId("card").replaceChildren(
    el(
      "div",
      { class: "finished" },
      el("h2", null, all && !rest ? "All decided." : "Nothing here."),
      el("p", null, rest ? `No item fits what the queue shows. ${plural(rest, "item")} are still to do.` : `You decided about ${count(progress.decided)} of ${plural(progress.total, "item")}. It is all saved in ${desk.reviews}.`),
      rest ? null : el("p", null, "Put it to use:"),
      rest ? null : el("p", null, el("code", null, `extractor review --apply ${desk.file} -o reviewed.jsonl`)),
      rest ? null : el("p", null, el("code", null, `extractor review ${desk.file} --as-gold gold.jsonl`)),
    ),
  );
}

export function showQueue(page, key, open) {
  const rows = page.rows.map((row) => {
    const current = row.article === key?.article && row.item === key?.item;
    const others = Object.entries(row.others).map(([who, what]) => `${who} ${OUTCOME[what]}`);
    const mark = row.mine ? OUTCOME[row.mine] : row.doubts.length ? shortDoubt(row.doubts[0]) : others.join(", ");
    return el(
      "a",
      { href: `#${encodeURIComponent(row.article)}/${encodeURIComponent(row.item)}`, class: `${row.layer || "gap"} ${row.kind}${row.mine ? " done" : ""}`, "aria-current": current ? "true" : null, onclick: (event) => (event.preventDefault(), open(row)) },
      el("span", { class: "dot" }),
      el("span", { class: "text", dir: "auto" }, row.text || KIND[row.kind]),
      el("span", { class: `mark${!row.mine && row.doubts.length ? " doubt" : ""}` }, mark),
    );
  });
  const place = page.listed ? `${count(page.position + 1)} of ${count(page.total)}` : count(page.total);
  byId("queue").replaceChildren(el("h2", null, el("span", null, "Queue"), el("span", null, place)), ...rows);
}
