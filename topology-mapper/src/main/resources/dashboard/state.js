/** What the page shows, all of it in the address: whoever gets the address sees the same. */

const DEFAULTS = {
  view: "graph", find: "", hide: "", focus: "", sel: "", at: "", window: "60s", shape: "topics", versions: "",
  boxes: "", policy: "", still: "", group: "", sort: "", camera: "",
};

let current = read();
const listeners = new Set();

function read() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(DEFAULTS).map(([key, value]) => [key, query.get(key) ?? value]));
}

function address() {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(current)) if (value !== DEFAULTS[key]) query.set(key, value);
  const text = query.toString();
  return location.pathname + (text ? `?${text}` : "");
}

export function state() {
  return current;
}

/**
 * Changes it.
 * @param {object} change new values by name
 * @param {boolean} quiet true for what changes all the time (camera, typing): no entry in the history
 */
export function update(change, quiet = false) {
  const before = current;
  current = {...current, ...change};
  const changed = new Set(Object.keys(change).filter((key) => before[key] !== current[key]));
  if (!changed.size) return;
  history[quiet ? "replaceState" : "pushState"](null, "", address());
  for (const listener of listeners) listener(current, changed);
}

export function onState(listener) {
  listeners.add(listener);
}

addEventListener("popstate", () => {
  current = read();
  for (const listener of listeners) listener(current, new Set(Object.keys(DEFAULTS)));
});
