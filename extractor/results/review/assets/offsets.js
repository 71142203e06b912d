// The program counts code points, JavaScript counts UTF-16 units: they differ after the first emoji.

export class Offsets {
  #units = []; // where each character beyond U+FFFF stands, in units

  constructor(text) {
    this.length = text.length;
    for (const match of text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) this.#units.push(match.index);
  }

  toPoint(unit) {
    return unit - this.#before((index) => this.#units[index] < unit);
  }

  toUnit(point) {
    return point + this.#before((index) => this.#units[index] - index < point);
  }

  // How many of the characters come before, as a binary search.
  #before(comesBefore) {
    let low = 0;
    let high = this.#units.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comesBefore(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

// Never between the two halves of a character.
export function wholeCharacter(text, unit, step) {
  const half = unit > 0 && unit < text.length && /[\ud800-\udbff]/.test(text[unit - 1]) && /[\udc00-\udfff]/.test(text[unit]);
  return half ? unit + step : unit;
}

// The words around a unit: [from, to] each. Scripts without spaces have words too.
function wordsAround(text, unit) {
  const from = wholeCharacter(text, Math.max(0, unit - 400), -1);
  const parts = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text.slice(from, unit + 400))];
  return parts.filter((part) => part.isWordLike).map((part) => [from + part.index, from + part.index + part.segment.length]);
}

// A passage that cuts through a word takes all of it.
export function wholeWords(text, { from, to }) {
  const first = wordsAround(text, from).find(([start, end]) => start < from && from < end);
  const last = wordsAround(text, to).find(([start, end]) => start < to && to < end);
  return { from: first ? first[0] : from, to: last ? last[1] : to };
}

// The next place before or after `unit` where a word begins or ends, for moving the ends of a passage by the keyboard.
export function nextEdge(text, unit, direction, edge) {
  const places = wordsAround(text, unit).map((word) => word[edge === "end" ? 1 : 0]);
  if (direction > 0) return places.find((place) => place > unit) ?? unit;
  return places.findLast((place) => place < unit) ?? unit;
}
