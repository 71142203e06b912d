// The article: one text node for each paragraph, passages painted over it, and selections read from it.

import { bdi, byId, el } from "./dom.js";
import { Offsets, wholeCharacter, wholeWords } from "./offsets.js";
import { day } from "./words.js";

const LONGEST = 8000; // characters of a paragraph; longer ones are cut at a space so that layout stays quick
const BLOCK = 12000; // characters of paragraphs that are laid out together
const LONG = 60000; // characters from which blocks out of sight are not laid out at all

export class ArticleView {
  id = null;
  text = "";
  passages = [];
  #nodes = []; // [{start, node}] in units, in order

  show(article) {
    const same = this.id === article.id;
    this.passages = article.passages;
    if (!same) this.#build(article);
    this.article = article;
    for (const passage of this.passages) {
      passage.from = this.offsets.toUnit(passage.start);
      passage.to = this.offsets.toUnit(passage.end);
    }
  }

  #build(article) {
    this.id = article.id;
    this.text = article.text;
    this.offsets = new Offsets(article.text);
    this.#nodes = [];
    const paper = byId("paper");
    const origin = [article.published ? day(article.published) : "no date of publication", article.source || article.id];
    const head = el(
      "header",
      null,
      article.title ? el("h1", { dir: "auto" }, article.title) : null,
      el("p", { class: "origin" }, origin.map((part, place) => [place ? " · " : "", bdi(part)])),
      article.notes.length ? el("ul", { class: "notes" }, article.notes.map((note) => el("li", { dir: "auto" }, note))) : null,
    );
    const blocks = this.#paragraphs().map((group) => el("div", { class: "block" }, group));
    paper.classList.toggle("long", this.text.length > LONG);
    paper.replaceChildren(head, ...blocks);
    paper.scrollTop = 0;
  }

  #paragraphs() {
    const groups = [[]];
    let size = 0;
    const add = (start, end) => {
      const node = document.createTextNode(this.text.slice(start, end));
      this.#nodes.push({ start, node });
      if (size > BLOCK) {
        groups.push([]);
        size = 0;
      }
      groups.at(-1).push(el("p", { dir: "auto" }, node));
      size += end - start;
    };
    for (const line of this.text.matchAll(/[^\n\r\u2028\u2029]*\S[^\n\r\u2028\u2029]*/g)) {
      let start = line.index;
      const end = start + line[0].length;
      while (end - start > LONGEST) {
        let cut = this.text.lastIndexOf(" ", start + LONGEST) + 1;
        if (cut <= start) cut = wholeCharacter(this.text, start + LONGEST, -1);
        add(start, cut);
        start = cut;
      }
      add(start, end);
    }
    return groups;
  }

  // The place in the list of text nodes of the last one that begins at or before a unit.
  #nodeAt(unit) {
    let low = 0;
    let high = this.#nodes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#nodes[middle].start <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #point(unit) {
    const { start, node } = this.#nodes[this.#nodeAt(unit)];
    return [node, Math.max(0, Math.min(node.length, unit - start))];
  }

  range(from, to) {
    if (!this.#nodes.length || from >= to) return null;
    const range = new Range();
    range.setStart(...this.#point(from));
    range.setEnd(...this.#point(to));
    return range;
  }

  // Paints all passages lightly, the current one strongly. `words` are further spans in units: the cue, the time.
  paint(current, words = []) {
    if (!("highlights" in CSS)) return;
    CSS.highlights.clear();
    const layers = { decided: [], claims: [], stances: [], commitments: [], gaps: [] };
    for (const passage of this.passages) {
      const name = passage.mine ? "decided" : passage.layer || "gaps";
      if (passage.mine !== "reject") layers[name].push(this.range(passage.from, passage.to));
    }
    if (current) layers[`at-${current.layer || "gap"}`] = [this.range(current.from, current.to)];
    layers.words = words.map(([from, to]) => this.range(from, to));
    let priority = 0;
    for (const [name, ranges] of Object.entries(layers)) {
      const highlight = new Highlight(...ranges.filter(Boolean));
      highlight.priority = priority++;
      CSS.highlights.set(name, highlight);
    }
  }

  paintDraft(from, to) {
    if (!("highlights" in CSS)) return;
    const range = from === null ? null : this.range(from, to);
    if (!range) return void CSS.highlights.delete("draft");
    const highlight = new Highlight(range);
    highlight.priority = 99;
    CSS.highlights.set("draft", highlight);
  }

  // Brings a passage into view. Blocks out of sight have only a guessed height, so it looks again once they are laid out.
  reveal(from, to, again = 2) {
    const range = this.range(from, to);
    if (!range) return;
    const paper = byId("paper");
    const frame = paper.getBoundingClientRect();
    const block = range.startContainer.parentElement.closest(".block");
    if (paper.classList.contains("long")) {
      const box = block.getBoundingClientRect();
      if (box.bottom < frame.top || box.top > frame.bottom) block.scrollIntoView();
    }
    const place = range.getBoundingClientRect();
    if (place.top < frame.top + 40 || place.bottom > frame.bottom - 60) {
      paper.scrollTop += place.top - frame.top - Math.max(40, Math.min(frame.height * 0.3, frame.height - place.height - 60));
    }
    if (again && paper.classList.contains("long")) requestAnimationFrame(() => this.reveal(from, to, again - 1));
  }

  #unitOf(node, offset) {
    if (node.nodeType !== Node.TEXT_NODE) {
      // A selection may begin or end between elements: at the text that comes next, or at the end.
      const next = node.childNodes[offset] || null;
      const walker = document.createTreeWalker(byId("paper"), NodeFilter.SHOW_TEXT);
      walker.currentNode = next || node;
      const text = next && next.nodeType === Node.TEXT_NODE ? next : next ? walker.nextNode() : this.#after(node);
      return text ? this.#unitOf(text, 0) : this.text.length;
    }
    const found = this.#nodes.find((entry) => entry.node === node);
    return found ? found.start + offset : null;
  }

  #after(node) {
    return this.#nodes.find((entry) => node.compareDocumentPosition(entry.node) & Node.DOCUMENT_POSITION_FOLLOWING && !node.contains(entry.node))?.node;
  }

  // What is selected, as units without white space at the ends; null where nothing of the article is.
  selection() {
    const selection = getSelection();
    if (this.id === null) return null;
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!byId("paper").contains(range.commonAncestorContainer)) return null;
    let from = this.#unitOf(range.startContainer, range.startOffset);
    let to = this.#unitOf(range.endContainer, range.endOffset);
    if (from === null || to === null) return null;
    while (from < to && /\s/.test(this.text[from])) from++;
    while (to > from && /\s/.test(this.text[to - 1])) to--;
    from = wholeCharacter(this.text, from, -1);
    to = wholeCharacter(this.text, to, 1);
    return from < to ? wholeWords(this.text, { from, to }) : null;
  }

  // The passage under a point of the screen: the shortest of those that overlap there.
  passageAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const [node, offset] = caret ? [caret.offsetNode, caret.offset] : [range?.startContainer, range?.startOffset];
    if (!node || node.nodeType !== Node.TEXT_NODE) return null;
    const unit = this.#unitOf(node, offset);
    const here = this.passages.filter((passage) => unit !== null && passage.from <= unit && unit <= passage.to);
    return here.sort((one, other) => one.to - one.from - (other.to - other.from))[0] || null;
  }

  // The occurrence of some words that is nearest to a unit.
  nearest(words, unit) {
    let best = null;
    for (let at = this.text.indexOf(words); words && at >= 0; at = this.text.indexOf(words, at + 1)) {
      if (best === null || Math.abs(at - unit) < Math.abs(best - unit)) best = at;
      else if (at > unit) break;
    }
    return best === null ? null : [best, best + words.length];
  }
}
