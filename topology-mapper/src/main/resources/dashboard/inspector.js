/** What is known of the node or the edge that was chosen. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {state, update} from "./state.js";
import {reasons, valid} from "./schemas.js";
import {badge} from "./tables.js";

const KINDS = {service: "Service", topic: "Topic", principal: "Principal without a service", bypass: "Around the mesh", other: "Others, together"};

export function inspector(thing, graph, choose) {
  const close = h("button.icon.close", {type: "button", "data-key": "close inspector", "aria-label": "Close", on: {click: () => choose(null)}}, "✕");
  return h("aside", {"aria-label": "Details", "data-scroll": "inspector"}, close, thing.curve ? edgeOf(thing, choose) : nodeOf(thing, graph, choose));
}

const row = (name, value) => (value === "" || value === null ? [] : [h("dt", {}, name), h("dd", {}, value)]);

function nodeOf(node, graph, choose) {
  const outgoing = graph.edges.filter((e) => e.from === node).sort((a, b) => b.rate - a.rate);
  const incoming = graph.edges.filter((e) => e.to === node).sort((a, b) => b.rate - a.rate);
  const topic = node.kind === "topic", mirrors = (edge) => edge.operation === "mirror", flows = (edge) => !mirrors(edge);
  const groups = [...node.groups];
  return [h("div.lead", {style: null}, KINDS[node.kind]), h("h2", {}, node.name), badge(node.health),
    h("dl", {}, row("Team", node.team), row("Cluster", node.cluster), row("Versions", node.versions.join(", ")), row("In", format.rate(node.in)), topic ? row("By schema", bySchema(incoming.flatMap((e) => e.parts))) : [], row("Out", format.rate(node.out)),
      node.badges.length ? row("Remarkable", node.badges.map((b) => h("span.chip.warn", {}, b))) : []),
    h("div.actions", {}, h("button.plain", {type: "button", "data-key": "focus", on: {click: () => update({focus: state().focus === node.id ? "" : node.id})}}, state().focus === node.id ? "Show all" : "Only its neighbours"),
      topic || !groups.length ? null : h("button.plain", {type: "button", on: {click: () => update({view: "lag", group: `${clusterOf(node)}/${groups[0]}`})}}, "Lag")),
    list(topic ? "Consumed by" : "Produces to", outgoing.filter(flows), (e) => e.to, choose), list(topic ? "Produced by" : "Consumes from", incoming.filter(flows), (e) => e.from, choose),
    list("Mirrored to", outgoing.filter(mirrors), (e) => e.to, choose), list("Mirrored from", incoming.filter(mirrors), (e) => e.from, choose)];
}

/** How much of what was written to a guarded topic is what its schema says. */
function bySchema(parts) {
  const checked = parts.reduce((sum, part) => sum + (part.checked?.checked ?? 0), 0), invalid = parts.reduce((sum, part) => sum + (part.checked?.invalid ?? 0), 0);
  const why = {};
  for (const part of parts) for (const [reason, count] of Object.entries(part.checked?.reasons ?? {})) why[reason] = (why[reason] ?? 0) + count;
  if (invalid) return [h("span.chip.bad", {}, `✕ ${valid({checked, invalid, validShare: 1 - invalid / checked})} valid, ${format.count(invalid)} bad`), " ", reasons({reasons: why})];
  return [checked ? "✓ all valid" : "", reasons({reasons: why})].filter(Boolean).join(" ");
}

function clusterOf(node) {
  for (const neighbour of node.neighbours) if (neighbour.startsWith("topic:")) return neighbour.slice(6).split("/")[0];
  return "";
}

function list(title, edges, other, choose) {
  if (!edges.length) return null;
  return [h("h3", {}, `${title} (${edges.length})`), h("ul.flows", {}, edges.slice(0, 60).map((e) => h("li", {}, h("button", {type: "button", "data-key": `flow ${e.id}`, on: {click: () => choose(e)}},
    h("span.name", {}, other(e).name), h("span", {}, e.ghost ? "" : format.rate(e.rate)), note(e) && h("span.note", {}, note(e))))))];
}

function note(edge) {
  if (edge.ghost) return "allowed, not used";
  const {glyph, word} = format.mark(edge.parts[0].status);
  const parts = [];
  if (edge.operation === "mirror") return edge.label().startsWith("▲") ? edge.label() : `mirror ${edge.get("mirror").join(", ")}`;
  if (edge.tone !== "flowing") parts.push(edge.tone === "late" || edge.tone === "veryLate" ? `▲ ${format.span(edge.lagMillis)} late` : `${glyph} ${word}`);
  if (edge.get("group").length) parts.push(`group ${edge.get("group").join(", ")}`);
  if (edge.version && edge.parts.length === 1) parts.push(edge.version);
  if (edge.via.size) parts.push(`through ${[...edge.via].slice(0, 5).join(", ")}`);
  return parts.join(" · ");
}

function edgeOf(edge, choose) {
  const end = (node) => h("button.text", {type: "button", on: {click: () => choose(node)}}, node.name);
  const head = [h("div.lead", {style: null}, edge.via.size ? "Flow between services" : edge.operation === "mirror" ? "Mirrors" : edge.operation === "produce" ? "Produces" : "Consumes"), h("h2", {}, end(edge.from), " → ", end(edge.to))];
  if (edge.ghost) return [...head, h("p", {}, "Policy allows it, and nobody has used it for as long as was observed."), h("dl", {}, row("Rule", edge.grant.rule), row("Where", edge.grant.ruleAt))];
  if (edge.operation === "mirror") return [...head, edge.parts.map((part) => mirrorOf(part, edge))];
  return [...head, edge.parts.map((part) => [
    edge.parts.length > 1 ? h("h3", {}, [part.via, part.group && `group ${part.group}`, part.version && `version ${part.version}`].filter(Boolean).join(" · ")) : null,
    badge(part.status),
    h("dl", {}, row("Rate", format.rate(part.recordsPerSecond)), row("Bytes", `${format.bytes(part.bytesPerSecond)}/s`), edge.parts.length === 1 ? [row("Group", part.group), row("Version", part.version)] : [],
      row("Since first seen", `${format.count(part.recordsTotal)} records`), part.lagRecords >= 0 ? row("Lag", `${format.count(part.lagRecords)} records, ${format.span(part.lagMillis)}`) : [],
      part.latency.p50 >= 0 ? row("Latency", `p50 ${part.latency.p50.toFixed(1)} ms, p99 ${part.latency.p99.toFixed(1)} ms`) : [],
      part.recordsUnacknowledged > 0 ? row("acks=0", `${format.count(part.recordsUnacknowledged)} records in the window`) : [],
      row("By schema", bySchema([part])), part.denied > 0 ? row("Denied", `${format.count(part.denied)} (${format.rate(part.deniedPerSecond)})`) : [], part.dryRunDenied > 0 ? row("Dry-run", `${format.count(part.dryRunDenied)} would be denied`) : [],
      Object.entries(part.errors).map(([error, n]) => row(error, format.count(n))),
      row("Policy", {yes: "✓ allows it", no: "✕ does not allow it", unknown: "not known"}[part.allowed]),
      row("Connections", [part.tls ? "TLS" : h("span.chip.bad", {}, "✕ plaintext"), part.mechanism ? `, ${part.mechanism}` : ""]), row("Last seen", format.ago(part.lastSeenMillis)))])];
}

function mirrorOf(part, edge) {
  const lost = (records, perSecond) => (records > 0 ? `${format.count(records)} records, now ${format.rate(perSecond)}` : "");
  return [badge(part.status), h("dl", {}, row("Mirror", part.mirror), row("Cluster", edge.from.cluster === edge.to.cluster ? edge.to.cluster : `${edge.from.cluster} → ${edge.to.cluster}`),
    row("Rate", format.rate(part.recordsPerSecond)), row("Bytes", `${format.bytes(part.bytesPerSecond)}/s`), row("Since first seen", `${format.count(part.mirrored)} records`),
    row("On their way", part.inFlight > 0 ? `${format.count(part.inFlight)} records` : ""), row("No memory for", lost(part.dropped, part.droppedPerSecond)), row("Not taken", lost(part.failed, part.failedPerSecond)),
    row("Last reason", part.lastError), row("Last seen", format.ago(part.lastSeenMillis)))];
}
