/** What somebody ought to look at, in words, the worst first: the same that the graph draws, for those who see it for the first time. */

import * as format from "./format.js";
import {fill, h} from "./dom.js";
import {update} from "./state.js";

const SHOWN_MAX = 6;
const ORDER = ["page", "denied", "veryLate", "failing", "ticket", "late", "mirrorLosing", "dryRunDenied"];
const TONES = {page: ["◆", "bad"], denied: ["✕", "bad"], veryLate: ["◆", "bad"], failing: ["▲", "warn"], ticket: ["▲", "warn"], late: ["▲", "warn"], mirrorLosing: ["▲", "warn"], dryRunDenied: ["◇", "dry"]};

/** What is to be said of edges and objectives: {kind, text, detail, go}. */
export function remarks(edges, slos, choose) {
  const all = [];
  for (const edge of edges) {
    if (ORDER.includes(edge.tone) && !edge.ghost) all.push({kind: edge.tone, ...words(edge), go: () => choose(edge)});
  }
  for (const slo of slos ?? []) {
    if (slo.alert === "none") continue;
    const spent = slo.budgetLeft <= 0;
    const left = spent ? "its error budget is spent" : `${(100 * slo.budgetLeft).toFixed(0)} % of its error budget are left`;
    all.push({kind: slo.alert, text: `${slo.name} is ${spent ? "broken" : "at risk"}`, detail: `${slo.group}: ${left}`, go: () => update({view: "slos"})});
  }
  return all.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.text < b.text ? -1 : 1));
}

function words(edge) {
  if (edge.operation === "mirror") return {text: `mirror ${edge.get("mirror").join(", ")} loses copies of ${edge.from.name}`, detail: `${format.rate(edge.lost)}; ${edge.parts.map((part) => part.lastError).filter(Boolean).join("; ") || "it does not say why"}`};
  const produces = edge.operation === "produce" && !edge.via.size;
  const who = (produces ? edge.from : edge.to).name;
  const what = edge.via.size ? [...edge.via].slice(0, 3).join(", ") : (produces ? edge.to : edge.from).name;
  const does = produces ? "produces to" : "consumes from";
  switch (edge.tone) {
    case "denied": return {text: `${who} is denied ${what}`, detail: `${format.rate(edge.denied)}; policy says no`};
    case "dryRunDenied": return {text: `${who} would be denied ${what}`, detail: "passes, as the rule is in dry-run"};
    case "failing": return edge.errors > 0 ? {text: `${who} gets errors`, detail: `${does} ${what}, ${format.rate(edge.errors)}`}
      : {text: `No record of ${who} passes the schema`, detail: `${does} ${what}`};
    default: return {text: `${who} is late by ${format.span(edge.lagMillis)}`, detail: `${does} ${what}`};
  }
}

/** The list, above the graph, of which it covers nothing. */
export class Attention {
  constructor() {
    this.element = h("ul.attention", {hidden: true, "aria-label": "What to look at, the worst first"});
  }

  show(graph, slos, choose) {
    const all = remarks(graph.edges, slos, choose);
    this.element.hidden = all.length === 0;
    fill(this.element, all.slice(0, SHOWN_MAX).map(line), all.length > SHOWN_MAX ? h("li", {}, h("button.text", {type: "button", "data-key": "attention more", on: {click: () => update({view: "flows"})}}, `and ${all.length - SHOWN_MAX} more`)) : null);
  }
}

function line({kind, text, detail, go}, i) {
  const [glyph, tone] = TONES[kind];
  return h("li", {}, h(`button.text.${tone}`, {type: "button", title: detail, "data-key": `attention ${i}`, on: {click: go}}, h("i", {"aria-hidden": "true"}, glyph), text, h("span.kind", {}, detail)));
}
