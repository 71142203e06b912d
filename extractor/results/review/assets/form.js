// Correcting an item, or writing a new one. What is typed is checked by the program while it is typed.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { nextEdge } from "./offsets.js";
import { LAYER, days } from "./words.js";

const NEW = "\u0000new"; // no source has such a name
const QUIET = 250; // milliseconds without typing before the program is asked

export class Form {
  #saving = false;
  #checking = 0;
  #asked = 0;

  // `entry` is null for a new item. `done(form, layer)` saves; `cancel()` leaves.
  constructor({ entry, layer, item, view, speakers, choices, passage, done, cancel, saveSpeaker }) {
    Object.assign(this, { entry, layer, item: item || {}, view, speakers, choices, done, cancel, saveSpeaker });
    this.passage = passage;
    this.#build();
    this.#showPassage();
    this.check();
  }

  #build() {
    const { layer, item } = this;
    this.fields = {};
    const layers = this.entry
      ? null
      : this.#choice("layer", "What is missing", Object.keys(LAYER), layer, (value) => this.#relayer(value), LAYER);
    const parts = {
      claims: () => [
        this.#text("statement", "Statement", item.statement, { prose: true, hint: "One sentence that stands alone, without saying who said it." }),
        this.#speaker("speaker", "Speaker", item.speaker, false),
        this.#via(item.via || []),
        this.#choice("kind", "Kind", this.choices.kind, item.kind),
        this.#choice("delivery", "Delivery", this.choices.delivery, item.delivery),
        this.#line("cue", "Cue", item.cue, "The words that attribute it, as the article has them; empty if there are none."),
      ],
      stances: () => [
        this.#text("target", "Target", item.target, { prose: true, hint: "A short noun phrase that stands alone." }),
        this.#speaker("speaker", "Speaker", item.speaker, false),
        this.#choice("position", "Position", this.choices.position, item.position),
      ],
      commitments: () => [
        this.#text("action", "Action", item.action, { prose: true, hint: "What is to be done, as one phrase without “to”." }),
        this.#text("actors", "Actors", (item.actors || []).join("\n"), { hint: "Who would have to act, one on each line." }),
        this.#choice("firmness", "Firmness", this.choices.firmness, item.firmness),
        this.#when(item.when),
        this.#line("condition", "Condition", item.condition, "What it depends on, if the article says so."),
        this.#speaker("speaker", "Said by", item.speaker, true),
      ],
    };
    this.node = el(
      "form",
      { class: `form ${layer}`, onsubmit: (event) => (event.preventDefault(), this.save()), oninput: () => this.#later(), onkeydown: (event) => this.#key(event) },
      el("h2", null, this.entry ? `Correct the ${LAYER[layer].toLowerCase()}` : "Add an item"),
      layers,
      this.#quote(),
      parts[layer](),
      el("p", { class: "field general", "data-field": "form" }),
      el(
        "div",
        { class: "actions" },
        el("button", { type: "submit", class: "first" }, "Save", el("kbd", null, "Ctrl Enter")),
        el("button", { type: "button", onclick: this.cancel }, "Cancel", el("kbd", null, "Esc")),
      ),
    );
    byId("card").className = `card ${layer}`;
    byId("card").replaceChildren(this.node);
    byId("side").scrollTop = 0;
    this.node.querySelector("textarea, input:checked, input, select").focus({ preventScroll: true });
  }

  #relayer(layer) {
    const quote = this.passage;
    Object.assign(this, { layer, item: { speaker: this.fields.speaker?.() } });
    this.#build();
    this.passage = quote;
    this.#showPassage();
    this.node.querySelector("input[name=layer]:checked").focus();
  }

  #field(name, label, control, hint, tag = "label") {
    const body = tag === "label" ? el("label", null, el("span", { class: "label" }, label), control) : [el("legend", null, label), control];
    return el(tag === "label" ? "div" : "fieldset", { class: "field", "data-field": name }, body, hint ? el("p", { class: "hint" }, hint) : null);
  }

  #text(name, label, value, { prose = false, hint = null } = {}) {
    const control = el("textarea", { name, rows: prose ? 3 : 2, class: prose ? "prose" : null, dir: "auto", value: value || "" });
    this.fields[name] = name === "actors" ? () => control.value.split("\n").map((line) => line.trim()).filter(Boolean) : () => control.value;
    return this.#field(name, label, control, hint);
  }

  #line(name, label, value, hint) {
    const control = el("input", { name, dir: "auto", value: value || "", autocomplete: "off", spellcheck: "false" });
    this.fields[name] = () => control.value.trim() || null;
    return this.#field(name, label, control, hint);
  }

  #choice(name, label, values, value, changed = null, words = {}) {
    const radios = values.map((one) =>
      el("label", null, el("input", { type: "radio", name, value: one, checked: one === value, onchange: changed ? () => changed(one) : null }), el("span", null, words[one] || one)),
    );
    if (!changed) this.fields[name] = () => this.node.querySelector(`input[name="${name}"]:checked`)?.value ?? null;
    return this.#field(name, label, el("div", { class: "choices" }, radios), null, "fieldset");
  }

  #options(value, first) {
    const known = this.speakers.some((speaker) => speaker.name === value);
    const option = (text, one) => el("option", { value: one, selected: one === value }, text);
    return [
      first === null ? null : el("option", { value: "", selected: !value }, first),
      this.speakers.map((speaker) => option(speaker.now.name, speaker.name)),
      value && !known && value !== NEW ? option(`${value} (not listed)`, value) : null,
    ];
  }

  #speaker(name, label, value, own) {
    const first = own ? "nobody: the article’s own words" : value ? null : "Who?";
    const control = el("select", { name, onchange: () => this.#source(control.value) }, this.#options(value, first), el("option", { value: NEW }, "Another source …"));
    this.select = control;
    this.fields[name] = () => (control.value === NEW ? this.#newSource().name : control.value || null);
    const edit = el("button", { type: "button", class: "plain quiet", onclick: () => this.#source(control.value, true) }, "Correct this source");
    this.source = el("div", null);
    return el("div", { class: "field", "data-field": name }, el("label", null, el("span", { class: "label" }, label), control), el("p", { class: "hint" }, edit), this.source);
  }

  // The fields of a source: of a new one, or of a listed one that is wrong.
  #source(name, correct = false) {
    const fresh = name === NEW;
    if (!fresh && (!correct || !name)) return this.source.replaceChildren();
    const now = fresh ? { kind: "person" } : this.speakers.find((speaker) => speaker.name === name)?.now;
    if (!now) return this.source.replaceChildren();
    const input = (field, label) => el("div", { class: "field" }, el("label", null, el("span", { class: "label" }, label), el("input", { "data-source": field, dir: "auto", value: now[field] || "", autocomplete: "off" })));
    const kinds = el("select", { "data-source": "kind" }, this.choices.speaker_kind.map((kind) => el("option", { value: kind, selected: kind === now.kind }, kind)));
    const save = el("button", { type: "button", class: "button", onclick: () => this.#saveSource(name, this.#newSource()) }, "Save this source");
    this.source.replaceChildren(
      el(
        "div",
        { class: "source" },
        input("name", "Name"),
        el("div", { class: "pair" }, el("div", { class: "field" }, el("label", null, el("span", { class: "label" }, "Kind"), kinds)), input("role", "Role")),
        input("affiliation", "Affiliation"),
        fresh ? null : el("p", { class: "field" }, save),
      ),
    );
    this.source.querySelector("input").focus();
  }

  // What is said of a source counts for all items at once: it is saved by itself, and the form goes on.
  async #saveSource(name, fields) {
    if (!(await this.saveSpeaker(name, fields))) return;
    this.speakers.find((speaker) => speaker.name === name).now = fields;
    for (const option of this.node.querySelectorAll("option")) if (option.value === name) option.textContent = fields.name;
    this.source.replaceChildren();
    this.select.focus();
  }

  #newSource() {
    const fields = [...this.source.querySelectorAll("[data-source]")];
    return Object.fromEntries(fields.map((field) => [field.dataset.source, field.value.trim() || null]));
  }

  // Who relayed it, outermost first: one more empty line than there are relays.
  #via(relays) {
    const box = el("div", { class: "several" });
    const add = (value) => {
      const select = el("select", { "aria-label": "Relayed by", onchange: () => [...box.children].every((one) => one.value) && add("") }, this.#options(value, "–"));
      box.append(select);
    };
    [...relays, ""].forEach(add);
    this.fields.via = () => [...box.children].map((select) => select.value).filter(Boolean);
    return this.#field("via", "Relayed by, outermost first", box, null, "fieldset");
  }

  #when(when) {
    const words = el("input", { name: "expression", dir: "auto", value: when?.expression || "", autocomplete: "off", spellcheck: "false" });
    const means = el("input", { name: "means", value: (when?.basis === "model" && when.edtf) || "", autocomplete: "off", spellcheck: "false", placeholder: "as the words say" });
    this.days = el("output", { class: "days" });
    this.fields.when = () => (words.value.trim() || means.value.trim() ? { expression: words.value.trim(), means: means.value.trim() } : null);
    return el(
      "fieldset",
      { class: "field", "data-field": "when" },
      el("div", { class: "pair" }, el("label", null, el("span", { class: "label" }, "Time, in the article’s words"), words), el("div", { "data-field": "means" }, el("label", null, el("span", { class: "label" }, "Which means"), means))),
      this.days,
      el("p", { class: "hint" }, "“By the end of next month”, “2025-08”, “from 2026”; counted from the day of publication."),
    );
  }

  #quote() {
    this.picked = el("blockquote", { class: "picked", dir: "auto" });
    const nudge = (words, end, direction, sign) =>
      el("button", { type: "button", "aria-label": words, onclick: () => this.#nudge(end, direction) }, sign);
    const nudges = el(
      "div",
      { class: "nudges" },
      el("span", null, "Start ", nudge("Start one word earlier", "start", -1, "←"), " ", nudge("Start one word later", "start", 1, "→")),
      el("span", null, "End ", nudge("End one word earlier", "end", -1, "←"), " ", nudge("End one word later", "end", 1, "→")),
    );
    return el("div", { class: "field", "data-field": "quote" }, el("span", { class: "label" }, "Quote"), this.picked, nudges, el("p", { class: "hint" }, "Select the passage in the article, or move its ends word by word."));
  }

  // The reviewer selected another passage.
  pick(passage) {
    this.passage = passage;
    this.#showPassage();
    this.view.reveal(passage.from, passage.to);
    this.#later();
  }

  #nudge(end, direction) {
    if (!this.passage) return;
    const { from, to } = this.passage;
    const moved = end === "start" ? { from: nextEdge(this.view.text, from, direction, "start"), to } : { from, to: nextEdge(this.view.text, to, direction, "end") };
    if (moved.from < moved.to) this.pick(moved);
  }

  #showPassage() {
    const { passage, view } = this;
    this.picked.classList.toggle("none", !passage);
    this.picked.textContent = passage ? view.text.slice(passage.from, passage.to) : this.entry ? `Not in the article: “${typeof this.item.quote === "string" ? this.item.quote : ""}”. Select the passage that is meant.` : "Nothing is selected yet.";
    view.paintDraft(passage ? passage.from : null, passage?.to);
  }

  value() {
    const form = Object.fromEntries(Object.entries(this.fields).map(([name, read]) => [name, read()]));
    const { passage, view } = this;
    if (passage) form.quote = { start: view.offsets.toPoint(passage.from), end: view.offsets.toPoint(passage.to) };
    if (this.select?.value === NEW) form.new_speakers = [this.#newSource()];
    return form;
  }

  #later() {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => this.check(), QUIET);
  }

  // Asks what the form comes to; shows the days, and problems of fields that were filled in.
  async check() {
    const asked = ++this.#asked;
    const form = this.value();
    const body = { article: this.view.id, layer: this.layer, form, item: this.entry?.item };
    const answer = await post("check", body).catch(() => null);
    if (!answer || asked !== this.#asked) return;
    const filled = (field) => field === "means" || (form[field] && form[field].length !== 0);
    this.mark(answer.problems.filter(({ field }) => filled(field)));
    if (this.days) {
      const known = days(answer.when);
      this.days.classList.toggle("none", !known);
      this.days.replaceChildren(known ? el("b", null, known) : form.when?.expression ? "no days known" : "", known && answer.when.edtf ? el("span", { class: "quiet" }, ` ${answer.when.edtf}`) : "");
    }
  }

  mark(problems) {
    for (const old of this.node.querySelectorAll(".problem")) old.remove();
    for (const wrong of this.node.querySelectorAll(".wrong")) wrong.classList.remove("wrong");
    for (const control of this.node.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    for (const { field, message } of problems) {
      const place = this.node.querySelector(`[data-field="${CSS.escape(field)}"]`) || this.node.querySelector(".general");
      place.classList.add("wrong");
      place.querySelector("input, textarea, select")?.setAttribute("aria-invalid", "true");
      place.append(el("p", { class: "problem", dir: "auto" }, message));
    }
  }

  async save() {
    if (this.#saving) return;
    this.#saving = true;
    clearTimeout(this.#checking);
    this.#asked++;
    try {
      await this.done(this.value(), this.layer);
    } catch (error) {
      this.mark(error.problems?.length ? error.problems : [{ field: "form", message: error.message }]);
      this.node.querySelector(".wrong")?.scrollIntoView({ block: "nearest" });
    } finally {
      this.#saving = false;
    }
  }

  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    }
  }

  close() {
    clearTimeout(this.#checking);
    this.#asked++;
    this.view.paintDraft(null);
  }
}
