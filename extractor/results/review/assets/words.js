// How things are called.

export const LAYER = { claims: "Claim", stances: "Stance", commitments: "Commitment" };
export const KIND = { gap: "Nothing covers this passage", empty: "No items", unplaced: "not placed", added: "added by a reviewer", vanished: "not in this run" };
export const VERBS = { support: "supports", oppose: "opposes", mixed: "is of two minds about", neutral: "is neutral on" };
export const OUTCOME = { accept: "accepted", reject: "rejected", correct: "corrected", add: "added", comment: "says" };
export const FIELDS = {
  statement: "statement", target: "target", action: "action", speaker: "speaker", via: "relayed by", kind: "kind", delivery: "delivery",
  cue: "cue", position: "position", firmness: "firmness", actors: "actors", condition: "condition", quote: "quote", when: "date",
};
// What a doubt is called on the card, and in the queue.
const DOUBTS = {
  unplaced: ["Without a passage", "no passage"],
  fuzzy: ["Quote found approximately", "approximate"],
  date_by_model: ["Date by the model alone", "date by model"],
  changed: ["Changed since it was decided", "changed"],
  disputed: ["Disputed", "disputed"],
  vanished: ["Gone from this run", "gone"],
  empty: ["Nothing found", "nothing found"],
  date_disagreement: ["Code and model disagree on the date", "date differs"],
  speaker_disagreement: ["Code and model disagree on the speaker", "speaker differs"],
  unknown_speaker: ["Unknown speaker", "unknown speaker"],
  cue_not_found: ["Cue not found", "cue not found"],
  expression_not_found: ["Time not found in the text", "time not found"],
  uncovered_quotation: ["A quotation that no item covers", "uncovered"],
  uncovered_statement: ["A statement that no item covers", "uncovered"],
  uncovered_plan: ["A plan that no item covers", "uncovered"],
  second_pass: ["Found by a second question", "second question"],
};
const plain = (code) => code.replaceAll("_", " ");
export const doubt = (code) => DOUBTS[code]?.[0] || plain(code).replace(/^./, (letter) => letter.toUpperCase());
export const shortDoubt = (code) => DOUBTS[code]?.[1] || plain(code);

const long = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
export const day = (iso) => long.format(new Date(`${iso}T00:00:00Z`));
export const moment = (iso) => clock.format(new Date(iso));

// The days that a planned date can mean, in words; null where none are known.
export function days(when) {
  if (!when || (!when.earliest && !when.latest)) return null;
  if (when.earliest === when.latest) return day(when.earliest);
  if (!when.earliest) return `until ${day(when.latest)}`;
  if (!when.latest) return `from ${day(when.earliest)}`;
  return `${day(when.earliest)} – ${day(when.latest)}`;
}

export const textOf = (layer, item) => ({ claims: item.statement, stances: item.target, commitments: item.action })[layer] || "";

// One field of an item as a short text, to compare two versions by.
export function fieldText(name, value) {
  if (value === null || value === undefined || value === "") return "none";
  if (name === "quote") return `“${value.exact ?? value}”`;
  if (name === "when") return `“${value.expression}”${days(value) ? ` = ${days(value)}` : ""}`;
  return Array.isArray(value) ? value.join(", ") || "none" : String(value);
}

// What differs between two versions of an item: [field, before, after].
export function changes(before, after) {
  return Object.keys(FIELDS)
    .filter((name) => name in after)
    .map((name) => [FIELDS[name], fieldText(name, before?.[name]), fieldText(name, after[name])])
    .filter(([, old, now]) => old !== now);
}
