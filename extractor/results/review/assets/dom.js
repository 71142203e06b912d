// Elements without HTML strings: whatever comes from an article or a record is set as text.

export const byId = (id) => document.getElementById(id);

export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const groups = new Intl.NumberFormat("en-US");
export const count = (number) => groups.format(number);
export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
export const bdi = (text) => el("bdi", null, text);

// Tells something in passing: on the screen for a moment, and to screen readers.
let fading = 0;
export function tell(message, wrong = false) {
  const status = byId("status");
  status.textContent = message;
  status.className = `status on${wrong ? " wrong" : ""}`;
  clearTimeout(fading);
  fading = setTimeout(() => status.classList.remove("on"), wrong ? 7000 : 3200);
}
