// The data of the page: the index becomes objects at once, the articles' texts are read when they are wanted.

const LAYERS = ["claims", "stances", "commitments"];
const LAYER_NAMES = ["Claim", "Stance", "Commitment"];
let LABELS = []; // the kinds of claims, the positions, the degrees of firmness

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
  LABELS = index.words.labels;
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

const NOTHING = [];

function buildItems(index, articles, speakers) {
  const columns = index.items;
  const facets = LAYERS.map((layer, number) => LABELS[number].map((label) => `${layer}.${label}`));
  const alone = speakers.map((speaker) => [speaker]);
  const next = [0, 0, 0]; // the places in the columns of each layer
  const items = [];
  for (const article of articles) {
    const end = items.length + index.articles.items[article.number];
    while (items.length < end) {
      const number = items.length;
      const layer = columns.layer[number];
      const speaker = speakers[columns.speaker[number]] || null;
      const item = {
        number,
        article,
        place: article.items.length + 1,
        id: columns.id[number],
        layer,
        label: LABELS[layer][columns.label[number]],
        facet: facets[layer][columns.label[number]],
        speaker,
        via: NOTHING,
        voices: speaker ? alone[speaker.number] : NOTHING, // the speaker and who relays them
        text: columns.text[number],
        start: columns.start[number],
        end: columns.end[number],
        match: index.matches[number] || "exact",
        actors: NOTHING,
        when: null,
        checks: NOTHING,
      };
      fillLayer[layer](item, index[LAYERS[layer]], next[layer]++, index, speakers);
      article.items.push(item);
      items.push(item);
    }
  }
  return items;
}

// What only the items of one layer have.
const fillLayer = [
  (claim, columns, place, index, speakers) => {
    claim.delivery = index.words.deliveries[columns.delivery[place]];
    claim.cue = columns.cue[place];
    if (!columns.via[place]) return;
    claim.via = columns.via[place].map((who) => speakers[who]);
    claim.voices = [...new Set([...claim.voices, ...claim.via])];
  },
  (stance, columns, place) => {
    stance.target = columns.target[place];
  },
  (commitment, columns, place, index) => {
    commitment.actors = columns.actors[place];
    commitment.condition = columns.condition[place];
    const when = columns.when[place];
    if (!when) return;
    const [words, edtf, earliest, latest, basis, span] = when;
    const first = earliest && dayOf(earliest);
    const last = latest && dayOf(latest);
    commitment.when = {
      words,
      edtf,
      first,
      last,
      dated: first !== null || last !== null,
      basis: index.words.bases[basis],
      span,
    };
  },
];

function buildChecks(index, articles) {
  const columns = index.checks;
  return (columns.code || []).map((code, number) => {
    const article = articles[columns.article[number]];
    const item = article.items[columns.item[number]] || null;
    const check = { code, article, item, message: columns.message[number], span: columns.span[number] };
    article.checks.push(check);
    if (item) item.checks = [...item.checks, check];
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
