// The keyboard: letters act where no text is being typed. "?" shows what they do.

const KEYS = [
  [["j"], "next item (in an article), next line (on the front page)"],
  [["k"], "previous item or line"],
  [["Enter"], "open the line"],
  [["n"], "next article"],
  [["p"], "previous article"],
  [["u", "Esc"], "back to the front page"],
  [["/"], "search"],
  [["1", "2", "3"], "only claims, stances, commitments; once more for all"],
  [["x"], "clear all filters"],
  [["?"], "this list"],
];

function buildHelp() {
  const rows = KEYS.map(([keys, words]) =>
    el(
      "div",
      null,
      el(
        "dt",
        null,
        joined(
          keys.map((key) => el("kbd", null, key)),
          " ",
        ),
      ),
      el("dd", null, words),
    ),
  );
  const close = el("button", { type: "button", class: "plain", onclick: () => byId("help").close() }, "Close");
  byId("help").replaceChildren(el("h2", { id: "help-title" }, "Keys"), el("dl", null, rows), close);
  byId("help-button").addEventListener("click", showHelp);
}

function showHelp() {
  if (!byId("help").open) byId("help").showModal();
}

function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// On the front page, j and k walk along what can be opened.
function walk(step) {
  const lines = [...document.querySelectorAll("main a.open")];
  if (!lines.length) return;
  const current = lines.indexOf(document.activeElement);
  let next = current + step;
  if (current < 0) {
    const visible = lines.findIndex((line) => line.getBoundingClientRect().top > 60);
    next = step > 0 ? visible : visible - 1;
  }
  const line = lines[Math.min(lines.length - 1, Math.max(0, next))];
  line.focus({ preventScroll: true });
  reveal(line);
}
