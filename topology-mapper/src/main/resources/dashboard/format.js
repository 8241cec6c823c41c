/** Numbers for people. -1 is "not known", shown as a dash. */

export const DASH = "–";

export function count(n) {
  if (n < 0 || n === undefined) return DASH;
  if (n >= 1e9) return `${short(n / 1e9)} G`;
  if (n >= 1e6) return `${short(n / 1e6)} M`;
  if (n >= 1e4) return `${short(n / 1e3)} k`;
  return Math.round(n).toLocaleString("en");
}

export function rate(n) {
  if (n < 0 || n === undefined) return DASH;
  if (n === 0) return "0/s";
  if (n < 0.01) return "<0.01/s";
  return `${n >= 1e4 ? count(n) : short(n)}/s`;
}

export function bytes(n) {
  if (n < 0) return DASH;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) { n /= 1000; i++; }
  return `${short(n)} ${units[i]}`;
}

function short(n) {
  return n >= 100 ? Math.round(n).toString() : n >= 10 ? n.toFixed(1).replace(/\.0$/, "") : n.toFixed(2).replace(/\.?0+$/, "");
}

/** A length of time in its largest unit that says enough. */
export function span(ms) {
  if (ms < 0 || ms === undefined) return DASH;
  if (ms === 0) return "0 s";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60e3) return `${short(ms / 1000)} s`;
  if (ms < 3600e3) return `${Math.floor(ms / 60e3)} min ${Math.floor((ms % 60e3) / 1000)} s`;
  if (ms < 48 * 3600e3) return `${Math.floor(ms / 3600e3)} h ${Math.floor((ms % 3600e3) / 60e3)} min`;
  return `${Math.floor(ms / 86400e3)} days`;
}

export function percent(share, digits = 2) {
  return share < 0 ? DASH : `${(100 * share).toFixed(digits).replace(/\.?0+$/, "")} %`;
}

export function clock(ms) {
  return ms < 0 ? DASH : new Date(ms).toLocaleTimeString("en-GB");
}

export function dateTime(ms) {
  return ms <= 0 ? DASH : new Date(ms).toLocaleString("en-GB", {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit"});
}

/** A point on an axis of times, as exact as the axis is long. */
export function moment(ms, length) {
  const day = length < 20 * 3600e3 ? {} : {day: "numeric", month: "short"};
  const second = length < 600e3 ? {second: "2-digit"} : {};
  return new Date(ms).toLocaleString("en-GB", {...day, hour: "2-digit", minute: "2-digit", ...second});
}

export function ago(ms, now = Date.now()) {
  return ms < 0 ? DASH : now - ms < 2000 ? "now" : `${span(Math.round((now - ms) / 1000) * 1000)} ago`;
}

/** A state as shape, word and class: never by colour alone. */
const MARKS = {
  ok: ["●", "ok"], live: ["●", "ok"], flowing: ["●", "ok"], none: ["●", "ok"],
  warn: ["▲", "warn"], rewound: ["↺", "warn"], ticket: ["▲", "warn"], failing: ["▲", "warn"], losing: ["▲", "warn"], dryRunDenied: ["◇", "dry"],
  bad: ["◆", "bad"], stalled: ["◼", "bad"], stopped: ["✕", "bad"], page: ["◆", "bad"], denied: ["✕", "bad"], silent: ["✕", "bad"],
  new: ["○", "idle"], waiting: ["◐", "ok"], holding: ["●", "ok"], paused: ["▲", "warn"], promoted: ["●", "ok"], aborted: ["✕", "bad"], done: ["●", "ok"], shadowing: ["◐", "ok"],
  idle: ["○", "idle"], unknown: ["○", "idle"], starting: ["○", "idle"],
};

const WORDS = {losing: "loses copies", new: "not begun", dryRunDenied: "would be denied", none: "within budget", page: "page: burns fast", ticket: "ticket: burns"};

export function mark(state) {
  const [glyph, tone] = MARKS[state] ?? ["○", "idle"];
  return {glyph, tone, word: WORDS[state] ?? state};
}
