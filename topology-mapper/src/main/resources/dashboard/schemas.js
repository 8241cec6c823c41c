/** Which topics are guarded by a schema, and which share of what is written to them is what it says. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {update} from "./state.js";
import {table} from "./tables.js";

export function schemas(data) {
  return h("div.scroll", {"data-scroll": "schemas"}, h("h1", {}, "Schemas"),
    h("p.lead", {}, `${data.topicsGuarded} of ${data.topicsWritten} topics that are written to are guarded by a schema.`,
      data.checked.checked > 0 ? ` Of their records ${valid(data.checked)} are what it says.` : ""),
    table([{title: "Topic"}, {title: "Guarded by"}, {title: "Bad records"}, {title: "Checked", number: true}, {title: "Bad", number: true}, {title: "Valid", number: true}, {title: "Written by"}],
      data.topics.map((topic) => [
        h("button.text", {type: "button", "data-key": `schema ${topic.cluster}/${topic.topic}`, on: {click: () => update({view: "graph", sel: `topic:${topic.cluster}/${topic.topic}`})}}, topic.topic),
        topic.rule ? [h("code", {}, topic.rule), h("div.lead", {}, topic.ruleAt)] : h("span.chip.warn", {}, "▲ not guarded"),
        topic.rule ? fate(topic) : format.DASH, format.count(topic.checked.checked), [bad(topic.checked), h("div.lead", {}, reasons(topic.checked))], valid(topic.checked),
        topic.flows.map((flow) => h("div", {}, [flow.client, flow.version].filter(Boolean).join(" "), flow.checked.checked > 0 ? `: ${valid(flow.checked)}` : "", reasons(flow.checked) ? [" ", bad(flow.checked), " ", reasons(flow.checked)] : null))]),
      {caption: "Topics and their schemas", empty: "Nobody has written to a topic yet."}));
}

function fate(topic) {
  const words = {reject: "are refused", tag: "go on with a header", quarantine: `go to ${topic.deadLetterTopic}`, observe: "are counted"};
  return words[topic.onViolation] ?? topic.onViolation;
}

const bad = (checked) => (checked.invalid > 0 ? h("span.chip.bad", {}, `✕ ${format.count(checked.invalid)}`) : "0");

/** What is wrong with bad records, the most frequent first: "payload 12, no-schema 1". */
export const reasons = (checked) => Object.entries(checked.reasons ?? {}).sort(([a, x], [b, y]) => y - x || a.localeCompare(b))
  .map(([reason, count]) => `${reason} ${format.count(count)}`).join(", ");

/** The share of records that are what their schema says. */
export const valid = (checked) => (checked.checked > 0 ? format.percent(checked.validShare, 2) : format.DASH);
