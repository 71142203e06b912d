// Where passages stand in a text, and how overlapping ones are cut into segments that do not overlap.

// Records count code points, JavaScript counts UTF-16 units: they differ after the first emoji. Returns a function from
// the one to the other for the given code points.
function codeUnits(text, points) {
  if (!/[\ud800-\udbff]/.test(text)) return (point) => point;
  const sorted = [...new Set(points)].sort((a, b) => a - b);
  const units = new Map();
  let point = 0;
  let unit = 0;
  for (const wanted of sorted) {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point++;
    }
    units.set(wanted, unit);
  }
  return (wanted) => units.get(wanted);
}

// Lines with something on them. A very long one is cut into pieces at the ends of sentences, or at spaces where it has
// none, so that items stay near their passages and the page stays quick.
const LONG_PARAGRAPH = 1600;
const PIECE = 900;

function paragraphs(text) {
  const found = [];
  const line = /[^\n\r\u2028\u2029]*\S[^\n\r\u2028\u2029]*/g;
  for (let match = line.exec(text); match; match = line.exec(text)) {
    let start = match.index;
    const end = start + match[0].length;
    while (end - start > LONG_PARAGRAPH) {
      const cut = start + cutAfter(text.slice(start, start + PIECE));
      found.push({ start, end: cut, goesOn: true });
      start = cut;
    }
    found.push({ start, end, goesOn: false });
  }
  return found;
}

function cutAfter(piece) {
  const sentence = piece.match(/^[^]*[.!?…。！？]["”’»)\]]*\s+/u);
  if (sentence && sentence[0].length > PIECE / 3) return sentence[0].length;
  const space = piece.lastIndexOf(" ") + 1;
  if (space > PIECE / 3) return space;
  return /[\ud800-\udbff]$/.test(piece) ? piece.length - 1 : piece.length; // never between the halves of a character
}

// Cuts [start, end) at every edge of the spans: [{start, end, spans}] with the spans that cover each piece.
function segments(start, end, spans) {
  const edges = new Set([start, end]);
  for (const span of spans) {
    if (span.start > start && span.start < end) edges.add(span.start);
    if (span.end > start && span.end < end) edges.add(span.end);
  }
  const places = [...edges].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, number) => ({
    start: from,
    end: places[number + 1],
    spans: spans.filter((span) => span.start <= from && span.end >= places[number + 1]),
  }));
}

// The spans of each paragraph: a list for every paragraph, in one pass over spans sorted by start.
function spansByParagraph(parts, spans) {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  let next = 0;
  let open = [];
  return parts.map((part) => {
    open = open.filter((span) => span.end > part.start);
    while (next < sorted.length && sorted[next].start < part.end) open.push(sorted[next++]);
    return open.filter((span) => span.end > part.start);
  });
}
