/** Colours and dashes of what is drawn, from the page's style sheet; and text that fits. */

import {visible} from "./dom.js";

const EDGES = {
  flowing: {color: "flow", dash: []}, idle: {color: "faint", dash: []}, late: {color: "warn", dash: []},
  veryLate: {color: "bad", dash: []}, failing: {color: "warn", dash: [2, 3]}, denied: {color: "bad", dash: [7, 5]},
  dryRunDenied: {color: "dry", dash: [2, 4]},
  mirror: {color: "topic", dash: [11, 4, 2, 4]}, mirrorIdle: {color: "faint", dash: [11, 4, 2, 4]}, mirrorLosing: {color: "warn", dash: [11, 4, 2, 4]},
};
const EDGES_BY_POLICY = {yes: {color: "ok", dash: []}, no: {color: "bad", dash: [7, 5]}, unknown: {color: "faint", dash: []}};
const GHOST = {color: "ok", dash: [1, 6]};
const COLORS = ["ink", "soft", "faint", "line", "page", "card", "flow", "ok", "warn", "bad", "dry", "topic", "accent", "shade"];
const TEXTS_KEPT_MAX = 20000;

export class Ink {
  /** Whether edges show what policy says instead of what happens. */
  policy = false;
  widths = new Map();

  constructor() { this.read(); }

  /** Reads the style sheet again. */
  read() {
    const style = getComputedStyle(document.documentElement);
    this.colors = Object.fromEntries(COLORS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.family = style.getPropertyValue("--font").trim();
  }

  edge(edge) {
    if (edge.ghost) return GHOST;
    return this.policy ? EDGES_BY_POLICY[edge.allowed] : EDGES[edge.tone] ?? EDGES.idle;
  }

  font(size, weight = "") { return `${weight} ${size}px ${this.family}`.trim(); }

  /** Text that fits; what was measured once is kept. */
  cut(g, text, room) {
    const key = `${g.font}|${Math.round(room)}|${text}`;
    let fits = this.widths.get(key);
    if (fits !== undefined) return fits;
    fits = visible(text.length > 80 ? text.slice(0, 80) : text);
    if (g.measureText(fits).width > room) {
      let low = 0, high = fits.length;
      while (low < high) { const mid = (low + high + 1) >> 1; if (g.measureText(fits.slice(0, mid) + "…").width <= room) low = mid; else high = mid - 1; }
      fits = fits.slice(0, low) + "…";
    }
    if (this.widths.size > TEXTS_KEPT_MAX) this.widths.clear();
    this.widths.set(key, fits);
    return fits;
  }
}
