/** Who is late: all groups, and one in detail. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {state, update} from "./state.js";
import {badge, spark, table} from "./tables.js";

const ROWS = 300;
const STATUSES = ["unknown", "ok", "warn", "rewound", "stalled", "stopped"];
const KEYS = {
  group: (g) => g.group, status: (g) => -STATUSES.indexOf(g.status), lagTime: (g) => -g.lagMillis, records: (g) => -g.lagRecords,
  offsets: (g) => -g.offsetLag, headroom: (g) => (g.headroomMillis < 0 ? Infinity : g.headroomMillis), members: (g) => -g.members.length,
};
const key = (group) => `${group.cluster}/${group.group}`;
const tone = (group) => format.mark(group.status).tone;

export function lag(data, find) {
  const matching = data.groups.filter((g) => !find || find({get: (field) => fieldOf(g, field)}));
  const {sort, group: open} = state();
  const by = KEYS[sort.replace(/^-/, "")];
  const groups = by ? [...matching].sort((a, b) => order(by(a), by(b)) * (sort.startsWith("-") ? -1 : 1)) : matching;
  const chosen = data.groups.find((g) => key(g) === open);
  const late = data.groups.filter((g) => g.lagMillis > 0).length;
  return h("div.split", {}, h("div.scroll", {"data-scroll": "lag"}, h("h1", {}, "Consumer lag"),
    h("p.lead", {}, `${data.groups.length} groups, ${late} with records that are not committed. Time lag is the age of the first of them; it is exactly 0 when everything is committed.${groups.length > ROWS ? ` The first ${ROWS} are shown.` : ""}`),
    table([{title: "Group", sort: "group"}, {title: "Status", sort: "status"}, {title: "Services"}, {title: "Time lag", number: true, sort: "lagTime"}, {title: "10 minutes"}, {title: "Records", number: true, sort: "records"}, {title: "Offsets", number: true, sort: "offsets"}, {title: "Fetched", number: true}, {title: "Headroom", number: true, sort: "headroom"}, {title: "Members", number: true, sort: "members"}],
      groups.slice(0, ROWS).map((g) => [h("button", {type: "button", "data-key": key(g), "aria-expanded": String(key(g) === open)}, g.group), badge(g.status), g.services.join(", "), format.span(g.lagMillis), history(g), format.count(g.lagRecords), format.count(g.offsetLag), format.span(g.fetchLagMillis), format.span(g.headroomMillis), g.members.length || h("span.chip.warn", {}, "▲ none")]),
      {caption: "Consumer groups", empty: find ? "No group is found." : "No group has been seen yet.", sorted: {key: sort.replace(/^-/, ""), order: sort.startsWith("-") ? "descending" : "ascending"},
        rowAttributes: (i) => ({class: "tr.link", attributes: {"aria-selected": String(key(groups[i]) === open), on: {click: () => update({group: key(groups[i]) === open ? "" : key(groups[i])})}}})})),
  chosen ? detail(chosen) : null);
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function fieldOf(group, field) {
  return {name: group.group, group: group.group, kind: "group", cluster: group.cluster, service: group.services, health: tone(group), status: group.status,
    lag: group.lagRecords, lagtime: group.lagMillis, topic: [...new Set(group.partitions.map((p) => p.topic))]}[field];
}

function history(group, wide = false) {
  const known = group.history.filter((v) => v >= 0);
  return spark(group.history, {tone: tone(group), wide, label: `time lag: now ${format.span(group.lagMillis)}, at most ${format.span(Math.max(0, ...known))}`});
}

function detail(group) {
  const close = () => update({group: ""});
  return h("aside", {"aria-label": `Group ${group.group}`, "data-scroll": "group"}, h("button.icon.close", {type: "button", "aria-label": "Close", on: {click: close}}, "✕"),
    h("h2", {}, group.group), badge(group.status), h("div.wide", {}, history(group, true)),
    h("dl", {}, row("Cluster", group.cluster), row("Services", group.services.join(", ") || format.DASH), row("Protocol", group.protocol.toLowerCase() || format.DASH),
      row("Time lag", format.span(group.lagMillis)), row("Records", format.count(group.lagRecords)), row("Offset lag", `${format.count(group.offsetLag)} (as Kafka's own tools show it)`),
      row("Fetch lag", format.span(group.fetchLagMillis)), row("Headroom", `${format.span(group.headroomMillis)} until retention deletes unread records`)),
    h("h3", {}, `Partitions (${group.partitions.length})`),
    table([{title: "Partition"}, {title: "Status"}, {title: "Committed", number: true}, {title: "Fetched", number: true}, {title: "End", number: true}, {title: "Records", number: true}, {title: "Late", number: true}, {title: "Member"}],
      group.partitions.slice(0, ROWS).map((p) => [[`${p.topic}-${p.partition} `, p.compacted && h("span.chip", {title: "offsets have gaps: records are fewer than offsets"}, "compacted")], badge(p.status), number(p.committedOffset), number(p.fetchOffset), number(p.endOffset), format.count(p.lagRecords), format.span(p.lagMillis), p.member || format.DASH]), {caption: "Partitions"}),
    h("h3", {}, `Members (${group.members.length})`),
    table([{title: "Client"}, {title: "Service"}, {title: "From"}, {title: "Software"}, {title: "Seen"}],
      group.members.map((m) => [m.clientId || m.member, [m.service, m.version && ` ${m.version}`], m.source, m.software, format.ago(m.lastSeenMillis)]), {caption: "Members", empty: "Nobody is in it now; it stays here with what it has committed."}));
}

const row = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
const number = (n) => (n < 0 ? format.DASH : n.toLocaleString("en"));
