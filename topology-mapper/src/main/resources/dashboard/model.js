/** From what the API says to what is drawn: joined edges, versions, services only, focus, find and hide. */

import * as format from "./format.js";

const LATE_MILLIS = 10000;
const VERY_LATE_MILLIS = 60000;
/** As the layout on the server has it. */
const JOINED_MAX = 400;
/** A focus that is wider or higher than this is drawn on its own, in three columns. */
const FOCUS_WIDTH_MAX = 2200;
const FOCUS_HEIGHT_MAX = 1200;
const FOCUS_STEP_X = 300;
const FOCUS_GAP = 16;
const ORDER = ["idle", "mirrorIdle", "flowing", "mirror", "late", "mirrorLosing", "veryLate", "failing", "dryRunDenied", "denied"];
const MIRROR_TONES = {flowing: "mirror", idle: "mirrorIdle", losing: "mirrorLosing"};

/** How an edge is drawn, the worst first that holds. */
function tone(edge) {
  if (edge.operation === "mirror") return MIRROR_TONES[edge.status];
  if (edge.status === "denied" || edge.status === "dryRunDenied" || edge.status === "failing") return edge.status;
  if (edge.lagMillis >= VERY_LATE_MILLIS) return "veryLate";
  if (edge.lagMillis >= LATE_MILLIS) return "late";
  return edge.status;
}

const worse = (a, b) => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b);

/**
 * The graph to draw.
 * @param {object} topology as the API has it
 * @param {object} options shape, versions, policy, focus, find, hide (compiled or null), grants
 * @returns {{nodes: object[], edges: object[], byId: Map, boxes: object[], hidden: number}}
 */
export function build(topology, options) {
  const byId = new Map();
  for (const node of topology.nodes) {
    const place = topology.layout.nodes[node.id];
    if (place && !(options.shape === "services" && node.kind === "topic")) {
      byId.set(node.id, new GraphNode(node, place, Boolean(options.versions)));
    }
  }
  const raw = options.shape === "services" ? joined(topology) : [...topology.edges, ...copies(topology.mirrors)];
  const edges = merge(raw, byId, options);
  if (options.policy && options.shape !== "services") edges.push(...unused(options.grants ?? [], byId, edges));
  for (const edge of edges) edge.count();
  const graph = {nodes: [...byId.values()], edges, byId, boxes: boxes(topology), hidden: 0};
  return select(graph, options);
}

class GraphNode {
  constructor(node, place, split) {
    Object.assign(this, node, place);
    this.split = split && node.versions.length > 1 && node.kind === "service";
    this.in = 0; this.out = 0; this.sums = {denied: 0, dryrun: 0, errors: 0, bytes: 0, lag: -1, lagtime: -1};
    this.neighbours = new Set(); this.groups = new Set(); this.dim = false;
  }

  get(field) {
    switch (field) {
      case "rate": return this.in + this.out;
      case "version": return this.versions;
      case "badge": return this.badges;
      case "group": return [...this.groups];
      case "name": case "kind": case "team": case "cluster": case "health": return this[field];
      default: return this.sums[field];
    }
  }

  /** Where an edge of this version meets the node. */
  port(version) {
    if (!this.split) return this.y + this.height / 2;
    const row = Math.max(0, this.versions.indexOf(version));
    return this.y + 22 + 14 * Math.min(row, 3) + 5;
  }
}

class GraphEdge {
  constructor(from, to, first) {
    this.from = from; this.to = to; this.parts = []; this.tone = "idle"; this.dim = false;
    this.operation = first.operation; this.version = first.version; this.allowed = "unknown"; this.via = new Set();
    this.rate = 0; this.bytes = 0; this.errors = 0; this.denied = 0; this.dryRun = 0; this.lag = -1; this.lagMillis = -1; this.lost = 0;
    this.id = first.id; this.ghost = false;
  }

  add(part) {
    this.parts.push(part);
    if (part.via) this.via.add(part.via);
    this.rate += part.recordsPerSecond; this.bytes += part.bytesPerSecond; this.errors += part.errorsPerSecond;
    this.denied += part.deniedPerSecond; this.dryRun += part.dryRunDeniedPerSecond;
    if (part.operation === "mirror") this.lost += part.droppedPerSecond + part.failedPerSecond;
    this.lag = Math.max(this.lag, part.lagRecords); this.lagMillis = Math.max(this.lagMillis, part.lagMillis);
    this.tone = this.parts.length === 1 ? tone(part) : worse(this.tone, tone(part));
    const known = ["unknown", "yes", "no"];
    this.allowed = known[Math.max(known.indexOf(this.allowed), known.indexOf(part.allowed))];
  }

  /** Adds it to its nodes. */
  count() {
    const {from, to} = this;
    from.neighbours.add(to.id); to.neighbours.add(from.id);
    from.out += this.rate; to.in += this.rate;
    for (const node of [from, to]) {
      node.sums.denied += this.denied; node.sums.dryrun += this.dryRun; node.sums.errors += this.errors; node.sums.bytes += this.bytes;
      for (const part of this.parts) if (part.group) node.groups.add(part.group);
    }
    to.sums.lag = Math.max(to.sums.lag, this.lag); to.sums.lagtime = Math.max(to.sums.lagtime, this.lagMillis);
  }

  get(field) {
    const part = this.parts[0] ?? {};
    switch (field) {
      case "kind": return "flow";
      case "service": return this.operation === "mirror" ? undefined : (this.operation === "produce" ? this.from : this.to).name;
      case "topic": if (this.operation === "mirror") return [this.from.name, this.to.name]; return this.via.size ? [...this.via] : (this.operation === "produce" ? this.to : this.from).name;
      case "group": case "mechanism": case "version": return [...new Set(this.parts.map((each) => each[field]).filter(Boolean))];
      case "status": return this.parts.map((each) => each.status);
      case "tls": return this.operation === "mirror" ? undefined : this.parts.map((each) => (each.tls ? "yes" : "no"));
      case "mirror": return this.parts.map((each) => each.mirror).filter(Boolean);
      case "operation": case "allowed": case "rate": case "bytes": case "errors": case "denied": case "lag": return this[field];
      case "dryrun": return this.dryRun;
      case "lagtime": return this.lagMillis;
      case "p99": return part.latency?.p99;
      default: return undefined;
    }
  }

  label() {
    if (this.ghost) return "allowed, not used";
    if (this.tone === "denied") return `✕ denied ${format.rate(this.denied)}`;
    if (this.tone === "dryRunDenied") return `◇ would be denied`;
    if (this.tone === "veryLate" || this.tone === "late") return `${this.tone === "late" ? "▲" : "◆"} ${format.span(this.lagMillis)} late`;
    if (this.tone === "mirrorLosing") return `▲ loses ${format.rate(this.lost)}`;
    if (this.tone === "failing") return this.errors > 0 ? `▲ ${format.rate(this.errors)} errors` : "▲ held back by schema";
    return this.rate > 0 ? format.rate(this.rate) : "";
  }
}

function merge(raw, byId, options) {
  const merged = new Map();
  for (const part of raw) {
    const from = byId.get(part.from), to = byId.get(part.to);
    if (!from || !to) continue;
    const key = `${part.from}\n${part.to}\n${part.operation}\n${options.versions ? part.version : ""}`;
    let edge = merged.get(key);
    if (!edge) { edge = new GraphEdge(from, to, part); merged.set(key, edge); }
    edge.add(part);
  }
  return [...merged.values()];
}

/** Services only: a producer and a consumer of the same topic, with the producer's share of what is consumed. */
function joined(topology) {
  const topics = new Map();
  for (const edge of topology.edges) {
    const id = edge.operation === "produce" ? edge.to : edge.from;
    if (!topics.has(id)) topics.set(id, {produce: [], consume: [], rate: 0});
    topics.get(id)[edge.operation].push(edge);
    if (edge.operation === "produce") topics.get(id).rate += edge.recordsPerSecond;
  }
  const names = new Map(topology.nodes.map((node) => [node.id, node.name]));
  const pairs = [];
  for (const [id, topic] of topics) {
    let made = 0;
    for (const producer of topic.produce) {
      for (const consumer of topic.consume) {
        if (made++ >= JOINED_MAX || producer.from === consumer.to) continue;
        const share = topic.rate > 0 ? producer.recordsPerSecond / topic.rate : 0;
        pairs.push({...consumer, id: `${producer.id}|${consumer.id}`, from: producer.from, via: names.get(id) ?? id,
          recordsPerSecond: consumer.recordsPerSecond * share, bytesPerSecond: consumer.bytesPerSecond * share,
          status: worse(tone(producer), consumer.status) === "flowing" ? consumer.status : worse(producer.status, consumer.status)});
      }
    }
  }
  return pairs;
}

/** What policy allows and nobody does, where both ends are in the picture. */
function unused(grants, byId, edges) {
  const there = new Set(edges.map((edge) => `${edge.from.id}\n${edge.to.id}`));
  const topics = [...byId.values()].filter((node) => node.kind === "topic");
  const ghosts = [];
  for (const grant of grants) {
    const service = byId.get(`service:${grant.service}`);
    if (!service) continue;
    const patterns = grant.topics.split(/[,\s]+/).filter(Boolean);
    const produces = /produce|write/i.test(grant.operation);
    for (const topic of topics) {
      if (ghosts.length >= JOINED_MAX) return ghosts;
      if (!patterns.some((p) => (p.endsWith("*") ? topic.name.startsWith(p.slice(0, -1)) : p === topic.name))) continue;
      const [from, to] = produces ? [service, topic] : [topic, service];
      if (there.has(`${from.id}\n${to.id}`)) continue;
      const ghost = new GraphEdge(from, to, {operation: produces ? "produce" : "consume", version: "", id: `grant ${grant.rule} ${from.id} ${to.id}`});
      ghost.ghost = true; ghost.grant = grant; ghost.allowed = "yes";
      ghosts.push(ghost);
    }
  }
  return ghosts;
}

/** What mirrors do, as flows from topic to topic; nothing is known of what only clients have. */
function copies(mirrors) {
  return mirrors.map((mirror) => ({...mirror, operation: "mirror", version: "", group: "", errorsPerSecond: mirror.failedPerSecond,
    deniedPerSecond: 0, dryRunDeniedPerSecond: 0, lagRecords: -1, lagMillis: -1, latency: {p50: -1, p95: -1, p99: -1}, mechanism: "", allowed: "unknown"}));
}

function boxes(topology) {
  return Object.entries(topology.layout.boxes).map(([team, rect]) => ({team, ...rect}));
}

/** Leaves out what is hidden or out of focus, and dims what is not found. */
function select(graph, {find, hide, focus}) {
  const center = focus && graph.byId.get(focus);
  const shows = (node) => (!center || node === center || center.neighbours.has(node.id)) && !(hide && hide(node));
  const nodes = graph.nodes.filter(shows);
  const kept = new Set(nodes);
  const edges = graph.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to) && !(hide && hide(edge))
    && (!center || edge.from === center || edge.to === center));
  if (find) {
    for (const node of nodes) node.dim = !find(node);
    for (const edge of edges) edge.dim = !find(edge) && (edge.from.dim || edge.to.dim);
    for (const edge of edges) if (find(edge)) edge.from.found = edge.to.found = true;
    for (const node of nodes) if (node.found) node.dim = false;
  }
  const own = center && isWide(nodes);
  if (own) gather(center, nodes, edges);
  return {...graph, nodes, edges, boxes: own ? [] : graph.boxes, hidden: graph.nodes.length - nodes.length, found: find ? nodes.filter((n) => !n.dim).length : -1};
}

function isWide(nodes) {
  const spread = (key) => Math.max(...nodes.map((n) => n[key])) - Math.min(...nodes.map((n) => n[key]));
  return spread("x") > FOCUS_WIDTH_MAX || spread("y") > FOCUS_HEIGHT_MAX;
}

/** What leads to the center on its left, what it leads to on its right. */
function gather(center, nodes, edges) {
  const before = new Set(edges.filter((edge) => edge.to === center).map((edge) => edge.from));
  const column = (members, x) => {
    let y = -members.reduce((sum, n) => sum + n.height + FOCUS_GAP, -FOCUS_GAP) / 2;
    for (const node of members) { node.x = x; node.y = y; y += node.height + FOCUS_GAP; }
  };
  const others = nodes.filter((n) => n !== center).sort((a, b) => a.y - b.y || a.x - b.x);
  column(others.filter((n) => before.has(n)), -FOCUS_STEP_X);
  column([center], 0);
  column(others.filter((n) => !before.has(n)), FOCUS_STEP_X);
}
