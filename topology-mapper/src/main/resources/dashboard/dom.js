/** Elements. Text only ever becomes text: nothing here takes markup, so no name can be executed. */

/**
 * An element.
 * @param {string} name tag, with classes after dots: "td.number"
 * @param {object} attributes attributes; "on" holds listeners by event; null and false are left out
 * @param {...(Node|string|number|null|Array)} children
 */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  return dress(element, attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false) element.append(visible(String(child)));
  }
}

/** Control and direction characters made visible: a name cannot pretend to be another one. */
export function visible(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Puts these children in the place of what is there, and the focus back to where it was. */
export function fill(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset?.key : null;
  const scrolled = [...element.querySelectorAll("[data-scroll]")].map((e) => [e.dataset.scroll, e.scrollTop]);
  element.replaceChildren();
  append(element, children);
  for (const [key, top] of scrolled) {
    const same = element.querySelector(`[data-scroll="${CSS.escape(key)}"]`);
    if (same) same.scrollTop = top;
  }
  if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
}

/** Says something to those who listen to the page. */
export function announce(text) {
  document.getElementById("announce").textContent = visible(text);
}
