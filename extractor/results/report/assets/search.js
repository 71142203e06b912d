// Full-text search without case and accents: every word (or "phrase in quote marks") must occur.
// An article is found by its title and text, an item by its own words, its quote, its speakers and actors.

const SEARCH_SLICE = 12; // milliseconds of work before the page may answer the reader

const ASCII = /^[\x00-\x7f]*$/;

function fold(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .toLowerCase();
}

function searchWords(query) {
  const found = [];
  for (const [, phrase, word] of query.matchAll(/["“”]([^"“”]+)["“”]?|([^\s"“”]+)/g))
    found.push(fold(phrase || word).trim());
  return found.filter(Boolean);
}

// Returns {items, articles} as sets of numbers, or null where a newer search has begun.
async function search(corpus, query, stale, progress) {
  const words = searchWords(query);
  const found = { items: new Set(), articles: new Set(), words };
  let pause = performance.now() + SEARCH_SLICE;
  for (const article of corpus.articles) {
    const text = await corpus.textOf(article);
    searchArticle(article, text, words, found);
    if (performance.now() > pause) {
      progress(article.number, corpus.articles.length);
      await new Promise((resolve) => setTimeout(resolve));
      if (stale()) return null;
      pause = performance.now() + SEARCH_SLICE;
    }
  }
  return stale() ? null : found;
}

function searchArticle(article, text, words, found) {
  article.folded = article.folded || fold(`${article.title}\n${text}`);
  const inText = words.map((word) => article.folded.includes(word));
  if (inText.every(Boolean)) found.articles.add(article.number);
  for (const item of article.items) {
    item.folded = item.folded || foldItem(item);
    const hit = words.every(
      (word, place) => item.folded.includes(word) || (inText[place] && foldQuote(item, text).includes(word)),
    );
    if (hit) found.items.add(item.number);
  }
}

function foldItem(item) {
  const names = [item.speaker, ...item.via].filter(Boolean).map((who) => who.name);
  return fold(
    [item.text, ...names, ...item.actors, item.condition, item.when && item.when.words].filter(Boolean).join("\n"),
  );
}

function foldQuote(item, text) {
  item.foldedQuote = item.foldedQuote || fold(quoteOf(item, text));
  return item.foldedQuote;
}

function quoteOf(item, text) {
  const unit = codeUnits(text, [item.start, item.end]);
  return text.slice(unit(item.start), unit(item.end));
}
