/** Tables that the views share, and the views that are tables only. */

import * as format from "./format.js";
import {h, svg} from "./dom.js";
import {state, update} from "./state.js";

/** A state as shape and word. */
export function badge(value) {
  const {glyph, tone, word} = format.mark(value);
  return h(`span.state.${tone}`, {}, h("i", {"aria-hidden": "true"}, glyph), word);
}

/**
 * A table.
 * @param {{title: string, number?: boolean, sort?: string}[]} columns
 * @param {Array[]} rows each with one cell per column; the first names the row
 * @param {object} options caption, empty (what to say without rows), rowAttributes(index)
 */
export function table(columns, rows, {caption, empty, rowAttributes, sorted} = {}) {
  if (!rows.length) return h("div.frame", {}, h("div.none", {}, empty ?? "Nothing."));
  const head = columns.map((column) => h(column.number ? "th.number" : "th", {scope: "col", "aria-sort": sorted?.key === column.sort && column.sort ? sorted.order : null},
    column.sort ? h("button", {type: "button", "data-key": `sort ${column.sort}`, on: {click: () => update({sort: state().sort === column.sort ? `-${column.sort}` : column.sort})}}, column.title) : column.title));
  const body = rows.map((cells, i) => h(rowAttributes?.(i)?.class ?? "tr", rowAttributes?.(i)?.attributes ?? {},
    cells.map((cell, c) => (c === 0 ? h("th", {scope: "row"}, cell) : h(columns[c].number ? "td.number" : "td", {}, cell)))));
  return h("div.frame", {}, h("table", {}, caption && h("caption.unseen", {}, caption), h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)));
}

/** A small line of values, oldest first; -1 makes a gap. */
export function spark(values, {label, tone = "", wide = false, width = 120, height = 26} = {}) {
  const known = values.filter((v) => v >= 0), most = Math.max(1e-9, ...known);
  const x = (i) => (values.length < 2 ? 0 : (i * width) / (values.length - 1)).toFixed(1), y = (v) => (height - 2 - (v / most) * (height - 5)).toFixed(1);
  let line = "", area = "", start = -1;
  values.forEach((v, i) => {
    if (v < 0) { start = -1; return; }
    line += `${start < 0 ? "M" : "L"}${x(i)} ${y(v)}`;
    if (start < 0) { start = i; area += `M${x(i)} ${height}`; }
    // one value alone is a dot
    if (start === i && (i === values.length - 1 || values[i + 1] < 0)) line += "h.01";
    area += `L${x(i)} ${y(v)}`;
    if (i === values.length - 1 || values[i + 1] < 0) area += `L${x(i)} ${height}Z`;
  });
  return svg("svg", {class: `spark ${tone} ${wide ? "wide" : ""}`, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": known.length ? label : "no values"},
    svg("path", {class: "area", d: area}), svg("path", {d: line}));
}

export function proxies(data) {
  const live = data.proxies.filter((p) => p.state === "live");
  const revisions = new Set(live.map((p) => p.policyRevision));
  return h("div.scroll", {"data-scroll": "proxies"}, h("h1", {}, "Proxies"),
    h("p.lead", {}, `${live.length} of ${data.proxies.length} live; ${revisions.size > 1 ? `▲ they enforce ${revisions.size} different policy revisions` : "all enforce the same policy revision"}.`),
    table([{title: "Proxy"}, {title: "State"}, {title: "Policy revision"}, {title: "Since"}, {title: "Connections", number: true}, {title: "Reports dropped", number: true}, {title: "Listeners"}, {title: "Version"}, {title: "Seen"}],
      data.proxies.map((p) => [p.proxy, badge(p.state), [h("code", {}, p.policyRevision || format.DASH), p.policyProblem && h("div", {}, h("span.chip.warn", {}, `▲ ${p.policyState}`), " ", p.policyProblem)],
        format.ago(p.policySinceMillis), format.count(p.connections), format.count(p.reportsDropped),
        p.listeners.map((l) => h("div", {title: l.bootstrap}, l.name, " ", h(l.tls ? "span.chip" : "span.chip.bad", {}, l.tls ? "TLS" : "✕ plaintext"), l.sasl && h("span.chip", {}, "SASL"), l.clientCertificates && h("span.chip", {}, "mTLS"))),
        p.weirVersion, format.ago(p.lastSeenMillis)]), {caption: "Proxies", empty: "No proxy has reported yet."}));
}

const FLOW_ROWS = 200;
/** A service and a topic may have the same name. */
const named = (node) => [node.name, node.kind === "service" ? null : h("span.kind", {}, node.kind)];

/** Every edge of the graph in words: the same picture for those who read it. */
export function flows(graph, total) {
  const edges = graph.edges.filter((e) => !e.dim && !e.ghost).sort((a, b) => b.denied - a.denied || b.rate - a.rate);
  return h("div.scroll", {"data-scroll": "flows"}, h("h1", {}, "Flows"),
    h("p.lead", {}, edges.length > FLOW_ROWS ? `The first ${FLOW_ROWS} of ${edges.length}; find narrows it down.` : `${edges.length === total ? "" : "Versions and groups together: "}${edges.length} flows.`),
    table([{title: "From"}, {title: "To"}, {title: "State"}, {title: "Records", number: true}, {title: "Bytes", number: true}, {title: "Errors", number: true}, {title: "Denied", number: true}, {title: "p99", number: true}, {title: "Late", number: true}, {title: "Group"}, {title: "TLS"}, {title: "Authentication"}],
      edges.slice(0, FLOW_ROWS).map((e) => [h("button.text", {type: "button", "data-key": e.id, on: {click: () => update({view: "graph", sel: e.from.id})}}, named(e.from)), [named(e.to), e.operation === "mirror" ? h("div.lead", {}, `by mirror ${e.get("mirror").join(", ")}`) : e.via.size ? h("div.lead", {}, `through ${[...e.via].slice(0, 4).join(", ")}`) : null], badge(e.parts[0].status), format.rate(e.rate), `${format.bytes(e.bytes)}/s`, format.rate(e.errors),
        format.rate(e.denied + e.dryRun), e.parts[0].latency.p99 >= 0 ? `${e.parts[0].latency.p99.toFixed(1)} ms` : format.DASH, format.span(e.lagMillis), e.get("group").join(", "), e.operation === "mirror" ? format.DASH : e.parts.every((p) => p.tls) ? "yes" : h("span.chip.bad", {}, "✕ no"), [...new Set(e.get("mechanism"))].join(", ")]),
      {caption: "Flows", empty: "Nothing is found."}));
}
