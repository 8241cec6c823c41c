/** Objectives, their budgets and how fast they burn. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {badge, spark, table} from "./tables.js";

export function slos(data) {
  const order = {page: 0, ticket: 1, none: 2};
  const sorted = [...data.slos].sort((a, b) => order[a.alert] - order[b.alert] || a.budgetLeft - b.budgetLeft);
  return h("div.scroll", {"data-scroll": "slos"}, h("h1", {}, "Service level objectives"),
    h("p.lead", {}, "The share of records that are committed within a time of their append. What is overdue counts as bad, also when nobody commits at all."),
    sorted.length ? h("div.cards", {}, sorted.map(card)) : h("div.frame", {}, h("div.none", {}, "Policy has no objectives. A document of kind Slo makes one.")));
}

function card(slo) {
  const tone = slo.alert === "page" ? "bad" : slo.alert === "ticket" ? "warn" : "";
  const left = slo.budgetLeft;
  const level = left <= 0 ? "bad" : left < 0.25 ? "warn" : "";
  return h(`article.card${tone && `.${tone}`}`, {"aria-label": slo.name},
    h("div.top", {}, h("div", {}, h("h2", {}, slo.name), h("div.lead", {}, `${slo.owner || "nobody's"} · ${slo.group} · ${slo.topics.join(", ")}`)), badge(slo.alert)),
    h("div", {}, `${format.percent(slo.objective, 3)} within ${format.span(slo.withinMillis)}, over ${format.span(slo.windowMillis)}`),
    h("div.pair", {}, h("div", {}, h("span", {}, "Attained"), h("div.big", {}, format.percent(slo.attained, 3))), h("div", {}, h("span", {}, "Budget left"), h("div.big", {}, left < -10 ? "< -1000 %" : `${(100 * left).toFixed(0)} %`)), h("div", {}, h("span", {}, "Late records"), h("div.big", {}, format.count(slo.bad)))),
    h(`div.budget${level && `.${level}`}`, {role: "meter", "aria-label": "error budget left", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(Math.max(0, 100 * left)), "aria-valuetext": `${(100 * left).toFixed(0)} %`}, barOf(left)),
    table([{title: "Windows"}, {title: "Fires at", number: true}, {title: "Long", number: true}, {title: "Short", number: true}, {title: ""}],
      slo.burns.map((b) => [`${format.span(b.longMillis).replace(" 0 min", "")} and ${format.span(b.shortMillis).replace(" 0 s", "").replace(" 0 min", "")}`, `${b.factor}×`, times(b.longRate), times(b.shortRate), b.firing ? h("span.chip.bad", {}, "◆ burning") : ""]), {caption: "Burn rates"}),
    h("div.wide", {}, spark(slo.history, {wide: true, tone, width: 288, height: 56, label: `share of late records over 24 hours, at most ${format.percent(Math.max(0, ...slo.history))}`})),
    h("div.lead", {}, `Late records in the last 24 hours, at most ${format.percent(Math.max(0, ...slo.history))} in 5 minutes; observed for ${format.span(slo.observedMillis)}.`));
}

function barOf(left) {
  const bar = h("div");
  bar.style.width = `${Math.max(0, Math.min(100, 100 * left))}%`;
  return bar;
}

const times = (rate) => (rate < 0 ? format.DASH : `${rate.toFixed(1)}×`);
