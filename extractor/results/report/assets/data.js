// The data of the page: the index becomes objects at once, the articles' texts are read when they are wanted.

const LAYERS = ["claims", "stances", "commitments"];
const LAYER_NAMES = ["Claim", "Stance", "Commitment"];
const LABELS = [
  ["fact", "opinion", "prediction", "intention", "demand"],
  ["support", "oppose", "mixed", "neutral"],
  ["agreed", "pledged", "scheduled", "planned", "considered", "hoped"],
];

async function readBlock(id) {
  const node = byId(id);
  if (!node.dataset.encoding) return JSON.parse(node.textContent);
  const packed = new Blob([bytesOf(node.textContent)]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("deflate"))).json();
}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place);
  return bytes;
}

function buildCorpus(index) {
  const speakers = index.speakers.name.map((name, number) => ({
    number,
    name,
    kind: index.speakers.kind[number],
    details: index.speakers.details[number],
    key: name,
    claims: 0,
  }));
  nameApart(speakers);
  const articles = buildArticles(index, speakers);
  const items = buildItems(index, articles, speakers);
  const checks = buildChecks(index, articles);
  const unplaced = index.unplaced.map((entry) => ({
    ...entry,
    article: articles[entry.article],
    speaker: speakers[entry.speaker] || null,
  }));
  for (const entry of unplaced) entry.article.unplaced.push(entry);
  return {
    articles,
    items,
    speakers,
    checks,
    unplaced,
    targets: index.targets,
    failures: index.failures,
    files: index.files,
    articleByKey: new Map(articles.map((article) => [article.key, article])),
    speakerByKey: new Map(speakers.map((speaker) => [speaker.key, speaker])),
    targetByName: new Map(index.targets.map((name, number) => [name, number])),
    textOf: textReader(index.chunks || []),
  };
}

// Links name speakers; where two have one name, the second is "name~2".
function nameApart(speakers) {
  const seen = new Map();
  for (const speaker of speakers) {
    const times = (seen.get(speaker.name) || 0) + 1;
    seen.set(speaker.name, times);
    if (times > 1) speaker.key = `${speaker.name}~${times}`;
  }
}

function buildArticles(index, speakers) {
  const columns = index.articles;
  return (columns.key || []).map((key, number) => ({
    number,
    key,
    title: columns.title[number] || key,
    titled: Boolean(columns.titled[number]),
    published: columns.published[number] && dayOf(columns.published[number]),
    source: columns.source[number],
    language: columns.language[number],
    sha256: columns.sha256[number],
    file: index.files[columns.file[number]],
    run: index.runs[columns.run[number]],
    speakers: columns.speakers[number].map(([who, role, affiliation]) => ({ who: speakers[who], role, affiliation })),
    items: [],
    checks: [],
    unplaced: [],
  }));
}

function buildItems(index, articles, speakers) {
  const columns = index.items;
  const items = [];
  let number = 0;
  for (const article of articles) {
    const end = number + index.articles.items[article.number];
    for (; number < end; number++) {
      const more = columns.more[number];
      const item = {
        number,
        article,
        place: article.items.length + 1,
        id: columns.id[number],
        layer: columns.layer[number],
        label: columns.label[number],
        facet: `${LAYERS[columns.layer[number]]}.${columns.label[number]}`,
        speaker: speakers[columns.speaker[number]] || null,
        via: (more.via || []).map((who) => speakers[who]),
        text: columns.text[number],
        start: columns.start[number],
        end: columns.end[number],
        match: columns.match[number],
        target: more.target,
        actors: more.actors || [],
        condition: more.condition || null,
        cue: more.cue || null,
        delivery: more.delivery || null,
        when: more.when ? buildWhen(more.when) : null,
        checks: [],
      };
      article.items.push(item);
      items.push(item);
    }
  }
  return items;
}

function buildWhen(when) {
  return {
    ...when,
    first: when.earliest ? dayOf(when.earliest) : null,
    last: when.latest ? dayOf(when.latest) : null,
    dated: Boolean(when.earliest || when.latest),
  };
}

function buildChecks(index, articles) {
  const columns = index.checks;
  return (columns.code || []).map((code, number) => {
    const article = articles[columns.article[number]];
    const item = article.items[columns.item[number]] || null;
    const check = { code, article, item, message: columns.message[number], span: columns.span[number] };
    article.checks.push(check);
    if (item) item.checks.push(check);
    return check;
  });
}

// textOf(article) is a promise of its text; each chunk of texts is read once.
function textReader(starts) {
  const chunks = [];
  return async (article) => {
    let chunk = starts.length - 1;
    while (starts[chunk] > article.number) chunk--;
    chunks[chunk] = chunks[chunk] || readBlock(`texts-${chunk}`);
    return (await chunks[chunk])[article.number - starts[chunk]];
  };
}
