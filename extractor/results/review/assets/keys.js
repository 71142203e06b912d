// The keyboard: letters act where nothing is being typed. "?" shows what they do.

import { byId, el } from "./dom.js";

const KEYS = [
  [["j"], "next item"],
  [["k"], "previous item"],
  [["a"], "accept; nothing is missing"],
  [["r"], "reject"],
  [["e"], "correct; text that is selected becomes the quote"],
  [["n"], "new item from the text that is selected"],
  [["c"], "comment"],
  [["u"], "undo: what you decided here, or else what you decided last"],
  [["Ctrl Enter"], "save what you are typing"],
  [["Esc"], "leave it"],
  [["o"], "doubtful items first, or in reading order"],
  [["1", "2", "3"], "only claims, stances, commitments; once more for all"],
  [["?"], "this list"],
];

export function showKeys() {
  if (!byId("keys").open) byId("keys").showModal();
}

export function listen(actions) {
  const rows = KEYS.map(([keys, words]) => el("div", null, el("dt", null, keys.map((key) => el("kbd", null, key))), el("dd", null, words)));
  const close = el("button", { type: "button", class: "button", onclick: () => byId("keys").close() }, "Close");
  byId("keys").replaceChildren(el("h2", { id: "keys-title" }, "Keys"), el("dl", null, rows), close);
  byId("keys-button").addEventListener("click", showKeys);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || byId("keys").open) return;
    if (event.target.closest("input, textarea, select")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
