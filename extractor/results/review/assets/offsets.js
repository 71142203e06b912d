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

// The next place before or after `unit` where a word begins or ends, for moving the ends of a passage by the keyboard.
export function nextEdge(text, unit, direction, edge) {
  const from = Math.max(0, unit - 400);
  const words = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text.slice(from, unit + 400))].filter((part) => part.isWordLike);
  const places = words.map((part) => from + part.index + (edge === "end" ? part.segment.length : 0));
  if (direction > 0) return places.find((place) => place > unit) ?? unit;
  return places.findLast((place) => place < unit) ?? unit;
}
