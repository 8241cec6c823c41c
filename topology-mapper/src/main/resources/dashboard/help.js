/** What is in a dialog: help, and what coverage is made of. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {FIELDS} from "./expression.js";
import {table} from "./tables.js";

/** Shows a dialog, and gives it. */
export function open(title, ...content) {
  const dialog = h("dialog", {"aria-label": title}, h("button.icon.close", {type: "button", "aria-label": "Close", on: {click: () => dialog.close()}}, "✕"), h("h2", {}, title), content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const KEYS = [
  ["1 to 8", "the views, from left to right"], ["/", "find"], ["h", "hide"], ["Tab to the graph, then arrows", "from node to node"],
  ["Shift and arrows", "move the picture"], ["+  -  0", "closer, further, all of it"], ["f", "only the chosen node and its neighbours; again for all"],
  ["Esc", "close, and back to all"], ["?", "this page"],
];

const EXAMPLES = [
  ["checkout", "the name contains it"], ["team=orders", "all that belongs to the team"], ["kind=topic rate>1k", "both: topics with more than 1,000 records a second"],
  ["lagtime>30s or denied>0", "who is late, or was denied"], ["not tls=yes", "flows that are not encrypted, and nodes"], ["name=\"pay*\" not badge=compacted", "* stands for anything; quotes keep words together"],
];

export function help() {
  open("Help",
    h("h3", {}, "Keys"), table([{title: "Key"}, {title: "Does"}], KEYS.map(([k, text]) => [h("kbd", {}, k), text])),
    h("h3", {}, "Find and hide"), h("p", {}, "Find dims what does not match, hide leaves out what does. Tests next to each other must all hold; ", h("code", {}, "or"), ", ", h("code", {}, "not"), " and parentheses do what they say. The address of the page holds all of it: send it to somebody, and they see what you see."),
    table([{title: "Expression"}, {title: "Finds"}], EXAMPLES.map(([e, text]) => [h("code", {}, e), text])),
    h("h3", {}, "Fields"), table([{title: "Field"}, {title: "Is"}], Object.entries(FIELDS).map(([name, text]) => [h("code", {}, name), text])));
}

export function coverage(value) {
  const rows = (list) => list.map((b) => [b.name, b.cluster, format.count(b.records), format.ago(b.firstSeenMillis), format.ago(b.lastSeenMillis)]);
  const columns = [{title: "Name"}, {title: "Cluster"}, {title: "Records not seen", number: true}, {title: "First"}, {title: "Last"}];
  open("Coverage", h("p.lead", {}, "How much of what is in the logs came through the mesh. Measured, by comparing what proxies reported with how the logs grew."),
    h("div.big", {}, value.percentRecords < 0 ? "not measured yet" : `${value.percentRecords.toFixed(1)} % of records`), h("p.lead", {}, `Brokers were asked ${format.ago(value.checkedMillis)}.`),
    h("h3", {}, "Topics that got records around the mesh"), table(columns, rows(value.bypassedTopics), {empty: "None."}),
    value.unsearchedClusters.length ? h("p.lead", {}, `Topics of ${value.unsearchedClusters.join(", ")} are not searched: mirrors bring copies to more of them than can be told apart.`) : null,
    h("h3", {}, "Groups that commit around the mesh"), table(columns, rows(value.bypassingGroups), {empty: "None."}));
}
