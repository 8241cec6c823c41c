/** Canaries: how far each is, how both versions do, and what an operator may say to it. */

import * as format from "./format.js";
import {post, session} from "./api.js";
import {announce, h, svg} from "./dom.js";
import {open} from "./help.js";
import {badge, table} from "./tables.js";

const FIGURES = {timeLag: ["Late by", format.span, "lagMillis"], errorShare: ["Errors", (v) => format.percent(v), "errorShare"], deadLetterShare: ["Dead letters", (v) => format.percent(v), "deadLetterShare"], processingTime: ["Processing", format.span, "processingMillis"], rebalances: ["Rebalances", format.count, "rebalances"]};
const STATES = {held: ["●", "ok", "held"], broken: ["✕", "bad", "not held"], unknown: ["○", "idle", "not known"]};
const SILENT_MILLIS = 15000;
const share = (weight) => format.percent(weight, 2);

export function canaries(data) {
  return h("div.scroll", {"data-scroll": "canaries"}, h("h1", {}, "Canaries"),
    h("p.lead", {}, "New versions of consumers that get a share of the keys, or some partitions, first. A share rises by the steps that policy names; a gate that is not held stops it. A shadow reads everything, and nothing that it does reaches anybody else."),
    data.canaries.length ? h("div.cards.large", {}, data.canaries.map(card)) : h("div.frame", {}, h("div.none", {}, "No canary is in policy. A document of kind Canary makes one.")));
}

function card(canary) {
  const tone = canary.phase === "aborted" ? ".bad" : canary.phase === "paused" ? ".warn" : "";
  return h(`article.card${tone}`, {"aria-label": canary.name},
    h("div.top", {}, h("div", {}, h("h2", {}, canary.name), h("div.lead", {}, `${canary.owner || "nobody's"} · ${canary.stable.group} · ${canary.topics.join(", ")}`)), badge(canary.phase)),
    canary.phase === "shadowing" ? null : h("div.pair", {}, h("div", {}, h("span", {}, canary.strategy === "partition" ? "Share of partitions" : "Share of keys"), h("div.big", {}, share(canary.weightInForce))),
      h("div", {}, h("span", {}, "Step"), h("div.big", {}, stepOf(canary))), h("div", {}, h("span", {}, canary.untilMillis >= 0 ? "Holds for at least" : "For"), h("div.big", {}, timeOf(canary)))),
    canary.reason ? h("p", {}, canary.reason) : null, changeOf(canary), bypassing(canary), ownedOf(canary),
    canary.steps.length === 0 ? null : h("div.wide", {}, chart(canary)),
    canary.steps.length === 0 ? null : h("p.lead", {}, "Steps: ", canary.steps.map((step, i) => [i ? " → " : "", h(i === canary.step ? "b" : "span", {}, share(step.weight), step.holdMillis >= 0 ? ` for ${format.span(step.holdMillis)}` : "")])),
    versions(canary), canary.steps.length === 0 ? null : actions(canary),
    table([{title: "When"}, {title: "What"}, {title: "Who"}], canary.events.slice(0, 8).map((event) => [format.dateTime(event.atMillis), event.what, event.by]), {caption: "What happened", empty: "Nothing has happened yet."}));
}

const stepOf = (canary) => (canary.step < 0 ? format.DASH : `${canary.step + 1} of ${canary.steps.length}`);

function timeOf(canary) {
  if (canary.sinceMillis < 0) return format.DASH;
  return format.span(Math.max(0, canary.untilMillis >= 0 ? canary.untilMillis - Date.now() : Date.now() - canary.sinceMillis));
}

function changeOf(canary) {
  if (canary.controllerMillis < 0 || Date.now() - canary.controllerMillis > SILENT_MILLIS) return h("p", {role: "alert"}, h("span.chip.bad", {}, "✕ no controller"), " Nothing moves: no controller of canaries has been heard", canary.controllerMillis < 0 ? "." : ` since ${format.clock(canary.controllerMillis)}.`);
  if (canary.changing) return h("p", {}, h("span.chip.warn", {}, "▲ changing"), ` to ${share(canary.weight)}: fetches of its topics wait for it.`);
  return canary.weight >= 0 && canary.weight !== canary.weightInForce ? h("p", {}, h("span.chip.warn", {}, "▲ waits"), ` for ${share(canary.weight)} to be in force.`) : null;
}

/** The partitions of one that has whole ones. */
function ownedOf({owned}) {
  if (!owned.length) return null;
  return h("p", {}, "It has ", owned.map(({topic, partitions, count}, i) => [i ? "; " : "", `${format.count(partitions.length)} of ${format.count(count)} partitions of `, h("code", {}, topic), partitions.length ? ` (${partitions.slice(0, 20).join(", ")}${partitions.length > 20 ? ", and more" : ""})` : ""]), ".");
}

/** Members that no proxy has seen: they read everything, whoever owns it. */
function bypassing({bypassing}) {
  if (!bypassing.length) return null;
  return h("p", {role: "alert"}, h("span.chip.bad", {}, "✕ around Weir"), ` ${format.count(bypassing.length)} of its members ${bypassing.length === 1 ? "comes" : "come"} to brokers around Weir: `,
    bypassing.slice(0, 5).map((one, i) => [i ? ", " : "", h("code", {}, one.clientId), ` at ${one.host} in `, h("code", {}, one.group)]), bypassing.length > 5 ? ", and more" : "", ". The share is not raised until they are gone.");
}

/** Both versions beside each other, and the limits. */
function versions({phase, stable, canary, gates, records, recordsMin}) {
  const gate = Object.fromEntries(gates.map((g) => [g.figure, g]));
  const rows = [["Group", h("code", {}, stable.group), h("code", {}, canary.group), ""], ["Clients", clients(stable), clients(canary), ""], ["Members", format.count(stable.members), format.count(canary.members), ""],
    ["Records", format.rate(stable.recordsPerSecond), format.rate(canary.recordsPerSecond), recordsMin > 0 ? `${format.count(records)} of ${format.count(recordsMin)} before it is judged` : ""], ["Not committed", format.count(stable.lagRecords), format.count(canary.lagRecords), ""],
    ...Object.entries(FIGURES).map(([figure, [title, words, key]]) => [title, words(stable[key]), words(canary[key]), gate[figure] ? limit(gate[figure], words) : ""])];
  if (phase === "shadowing") return table([{title: ""}, {title: "Stable"}, {title: "Shadow"}], rows.map((row) => row.slice(0, 3)), {caption: "Both versions"});
  return table([{title: ""}, {title: "Stable"}, {title: "Canary"}, {title: "Gate"}], rows, {caption: "Both versions"});
}

const clients = (version) => [version.service, h("span.kind", {}, version.clients)];

function limit(gate, words) {
  const [glyph, tone, word] = STATES[gate.state];
  return [`at most ${words(gate.limit)} `, h(`span.state.${tone}`, {}, h("i", {"aria-hidden": "true"}, glyph), word)];
}

/** The weight over time, as stairs. */
function chart(canary, width = 560, height = 90) {
  const now = Date.now(), changes = canary.history;
  const label = changes.length ? `weight over time: ${changes.map((c) => `${share(c.weight)} at ${format.clock(c.atMillis)}`).join(", ")}` : "no weight was in force yet";
  const from = changes.length ? changes[0].atMillis - Math.max(1000, (now - changes[0].atMillis) * 0.05) : now - 1;
  const x = (at) => (((at - from) / Math.max(1, now - from)) * width).toFixed(1), y = (weight) => (height - 2 - weight * (height - 6)).toFixed(1);
  let line = `M0 ${y(0)}`;
  for (const change of changes) line += `H${x(change.atMillis)}V${y(change.weight)}`;
  line += `H${width}`;
  const picture = svg("svg", {class: "spark stairs", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": label},
    [0.25, 0.5, 0.75, 1].map((at) => svg("path", {class: "grid", d: `M0 ${y(at)}H${width}`})),
    svg("path", {class: "area", d: `${line}V${height}H0Z`}), svg("path", {d: line}));
  // texts beside the picture and not in it: it is stretched, and says the same to screen readers by its label
  const numbers = (side, texts) => h(`div.axis.${side}`, {"aria-hidden": "true"}, texts.map((text) => h("span", {}, text)));
  return h("div.plot", {}, numbers("left", [1, 0.5, 0].map(share)), picture, changes.length ? numbers("below", [from, (from + now) / 2].map((at) => format.moment(at, now - from)).concat("now")) : null);
}

const ACTIONS = {
  pause: ["Pause", (c) => c.phase === "waiting" || c.phase === "holding", (c) => `It stays at ${share(c.weightInForce)} until somebody resumes it. Its gates go on being watched.`],
  resume: ["Resume", (c) => c.phase === "paused" || c.phase === "aborted", (c) => (c.phase === "aborted" ? "It begins anew, at its first step." : "It goes on from the weight that it has; the hold of its step begins anew.")],
  promote: ["Promote", (c) => c.phase !== "promoted" && c.phase !== "aborted", () => "The canary gets everything, and no gate is asked any more."],
  abort: ["Abort", (c) => c.phase !== "aborted", () => "The canary gets no new records. What it owns already stays its own: it has to go on until that is done, or an old version under its name."],
};

function actions(canary) {
  if (session.needed && session.role !== "operator") return h("p.lead", {}, "Operators can pause, promote and abort it here.");
  return h("div.actions", {}, Object.entries(ACTIONS).filter(([, [, may]]) => canary.phase !== "new" && may(canary)).map(([action, [word]]) =>
    h("button.plain", {type: "button", "data-key": `${action} ${canary.name}`, on: {click: () => confirm(canary, action)}}, word)));
}

/** Asks once more, and for a reason. */
function confirm(canary, action) {
  const [word, , effect] = ACTIONS[action];
  const reason = h("input", {type: "text", id: "reason", maxlength: 300, autocomplete: "off"}), problem = h("p.wrong", {role: "alert"});
  const button = h("button.plain.strong", {type: "submit"}, `${word} ${canary.name}`);
  const form = h("form", {on: {submit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const told = await post(`canaries/${encodeURIComponent(canary.name)}/${action}`, {reason: reason.value});
      dialog.close();
      announce(`${canary.name}: ${told.detail}`);
    } catch (failure) {
      problem.textContent = failure.status ? failure.message : "No answer: whether it is obeyed is not known.";
      button.disabled = false;
    }
  }}}, h("p", {}, effect(canary)), h("label.field", {}, "Why (for the log) ", reason), problem, h("div.actions", {}, button));
  const dialog = open(`${word} ${canary.name}?`, form);
  reason.focus();
}
