// Elements without HTML strings: everything that comes from a record is set as text.

const byId = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const groups = new Intl.NumberFormat("en-US");
const count = (number) => groups.format(number);
const plural = (number, noun, nouns) => `${count(number)} ${number === 1 ? noun : nouns || noun + "s"}`;
const bdi = (text) => el("bdi", null, text);

// A text of many possible scripts and directions, cut where a reader would not need more.
function clip(text, limit) {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= limit ? flat : flat.slice(0, limit).replace(/[\ud800-\udbff]$|\s+\S{0,20}$/, "") + " …";
}

const joined = (nodes, separator) => nodes.flatMap((node, place) => (place ? [separator, node] : [node]));

// The page that a list is at, its rows, and the way to its other pages. Printing shows more of each list.
const PRINTED_ROWS = 500;
let printing = false;

function paged(rows, size, page, go, noun) {
  const length = printing ? PRINTED_ROWS : size;
  const pages = Math.max(1, Math.ceil(rows.length / length));
  const current = printing ? 0 : Math.min(page, pages - 1);
  const shown = rows.slice(current * length, (current + 1) * length);
  if (pages === 1) return { shown, nav: null };
  const step = (text, to) =>
    el("button", { type: "button", class: "plain", disabled: to < 0 || to >= pages, onclick: () => go(to) }, text);
  const range = `${count(current * length + 1)}–${count(current * length + shown.length)} of ${count(rows.length)}`;
  const nav = el(
    "nav",
    { class: "pager", "aria-label": `Pages of ${noun}` },
    step("Previous", current - 1),
    el("span", null, range),
    step("Next", current + 1),
  );
  return { shown, nav };
}

function announce(text) {
  byId("status").textContent = text;
}
