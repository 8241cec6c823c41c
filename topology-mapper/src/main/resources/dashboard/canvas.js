/**
 * Draws a graph on three canvases: lines, above them what moves or is pointed at, and nodes on top. While a large picture is dragged or zoomed, the last drawing is moved instead of drawn again.
 */

import {edgeAt, neighbourOf, nodeAt, pointAt, route} from "./geometry.js";
import {mark} from "./format.js";
import {visible} from "./dom.js";

const SLOW_MILLIS = 11;
const SETTLE_MILLIS = 110;
const FLOWS_MAX = 260;
const LABELS_MAX = 140;
const FLOW_FRAME_MILLIS = 33;
/** Closer than this there is text. */
const FAR = 0.28;
const STYLES = {
  flowing: {color: "flow", dash: []}, idle: {color: "faint", dash: []}, late: {color: "warn", dash: []},
  veryLate: {color: "bad", dash: []}, failing: {color: "warn", dash: [2, 3]}, denied: {color: "bad", dash: [7, 5]},
  dryRunDenied: {color: "dry", dash: [2, 4]},
};
const POLICY_STYLES = {yes: {color: "ok", dash: []}, no: {color: "bad", dash: [7, 5]}, unknown: {color: "faint", dash: []}};
const GHOST = {color: "ok", dash: [1, 6]};
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class GraphCanvas {
  /**
   * @param {HTMLElement} host takes the keyboard and the pointer
   * @param {{select: function, hover: function, camera: function, focusOn: function}} told of what people do
   */
  constructor(host, told) {
    this.host = host; this.told = told;
    this.layers = ["lines", "over", "base"].map((name) => (this[name] = document.createElement("canvas")));
    for (const canvas of this.layers) { canvas.setAttribute("aria-hidden", "true"); host.append(canvas); }
    this.graph = {nodes: [], edges: [], boxes: [], byId: new Map()};
    this.camera = {x: 0, y: 0, k: 1}; this.fitted = false;
    this.picked = null; this.hovered = null; this.policy = false; this.still = false;
    this.cost = 0; this.widths = new Map(); this.moving = null;
    this.frames = {count: 0, since: performance.now()};
    this.dead = false;
    new ResizeObserver(() => this.resize()).observe(host);
    this.theme(); this.resize(); this.listen();
    this.loop = (now) => { if (!this.dead) { this.tick(now); requestAnimationFrame(this.loop); } };
    requestAnimationFrame(this.loop);
  }

  close() { this.dead = true; }

  theme() {
    const style = getComputedStyle(document.documentElement);
    const names = ["ink", "soft", "faint", "line", "page", "card", "flow", "ok", "warn", "bad", "dry", "topic", "accent", "shade"];
    this.colors = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = style.getPropertyValue("--font").trim();
    this.dirty = true;
  }

  resize() {
    const {clientWidth: w, clientHeight: h} = this.host;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    for (const canvas of this.layers) { canvas.width = w * this.ratio; canvas.height = h * this.ratio; }
    this.width = w; this.height = h; this.dirty = true;
    if (this.graph.nodes.length && (!this.fitted || this.whole)) this.fit();
  }

  /** Shows this graph; where the camera is stays, unless it was never set. */
  show(graph, {policy, still}) {
    this.graph = graph; this.policy = policy; this.still = still;
    route(graph);
    this.picked = this.picked && (graph.byId.get(this.picked.id) ?? null);
    this.hovered = null; this.dirty = true;
    // As long as nobody has moved the picture, all of it is shown.
    if ((!this.fitted || this.whole) && graph.nodes.length) this.fit();
  }

  fit() {
    if (!this.graph.nodes.length || !this.width) return;
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (const r of [...this.graph.nodes, ...(this.graph.nodes.length === this.graph.byId.size ? this.graph.boxes : [])]) {
      left = Math.min(left, r.x); top = Math.min(top, r.y);
      right = Math.max(right, r.x + r.width); bottom = Math.max(bottom, r.y + r.height);
    }
    const margin = 48;
    const k = Math.min(1.3, (this.width - 2 * margin) / Math.max(1, right - left), (this.height - 2 * margin) / Math.max(1, bottom - top));
    this.look({x: (left + right) / 2, y: (top + bottom) / 2, k: Math.max(0.01, k)}, false);
    this.whole = true;
  }

  look(camera, byPerson = true) {
    this.camera = camera; this.fitted = true; this.whole = false; this.movedAt = performance.now(); this.camDirty = true;
    if (byPerson) this.told.camera(camera);
  }

  center(node, least = 0.7) {
    this.look({x: node.x + node.width / 2, y: node.y + node.height / 2, k: Math.max(least, this.camera.k)});
  }

  /** Keeps a node in sight. */
  reveal(node) {
    const [x, y] = this.toScreen(node.x + node.width / 2, node.y + node.height / 2);
    if (x < 60 || y < 40 || x > this.width - 60 || y > this.height - 40) this.center(node, this.camera.k);
  }

  toScreen(x, y) {
    const {k} = this.camera;
    return [(x - this.camera.x) * k + this.width / 2, (y - this.camera.y) * k + this.height / 2];
  }

  toGraph(sx, sy) {
    const {k} = this.camera;
    return [(sx - this.width / 2) / k + this.camera.x, (sy - this.height / 2) / k + this.camera.y];
  }

  zoom(factor, sx = this.width / 2, sy = this.height / 2) {
    const [x, y] = this.toGraph(sx, sy);
    const k = Math.min(4, Math.max(0.01, this.camera.k * factor));
    this.look({x: x - (sx - this.width / 2) / k, y: y - (sy - this.height / 2) / k, k});
  }

  // ---- one frame

  tick(now) {
    this.frames.count++;
    const settled = now - (this.movedAt ?? 0) > SETTLE_MILLIS;
    if (this.dirty || (this.camDirty && (this.cost < SLOW_MILLIS || settled))) {
      const start = performance.now();
      this.drawBase();
      this.cost = performance.now() - start;
      this.drawn = {...this.camera}; this.dirty = false; this.camDirty = false; this.overDirty = true;
      this.base.style.transform = this.lines.style.transform = "";
      if (this.graph.byId.size) this.host.dataset.drawn = "true";
    } else if (this.camDirty && this.drawn) {
      const d = this.drawn, c = this.camera, s = c.k / d.k;
      const tx = (d.x - c.x) * c.k + (this.width / 2) * (1 - s), ty = (d.y - c.y) * c.k + (this.height / 2) * (1 - s);
      this.base.style.transform = this.lines.style.transform = `translate(${tx}px, ${ty}px) scale(${s})`;
      this.overDirty = true;
    }
    const flows = !this.still && !calm.matches && this.visibleFlows?.length > 0 && !document.hidden;
    if ((flows && now - (this.flowAt ?? 0) >= FLOW_FRAME_MILLIS) || this.overDirty) {
      this.flowAt = now; this.overDirty = false;
      this.drawOver(now, flows);
    }
  }

  prepare(canvas) {
    const g = canvas.getContext("2d");
    const {x, y, k} = this.camera, r = this.ratio;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, canvas.width, canvas.height);
    g.setTransform(k * r, 0, 0, k * r, (this.width / 2 - x * k) * r, (this.height / 2 - y * k) * r);
    return g;
  }

  drawBase() {
    const lines = this.prepare(this.lines), g = this.prepare(this.base), {k} = this.camera;
    const [left, top] = this.toGraph(0, 0), [right, bottom] = this.toGraph(this.width, this.height);
    const sees = (b) => b[2] >= left && b[0] <= right && b[3] >= top && b[1] <= bottom;
    this.drawBoxes(lines);
    const edges = this.graph.edges.filter((edge) => sees(edge.box));
    this.drawEdges(lines, edges, k);
    const nodes = this.graph.nodes.filter((n) => sees([n.x, n.y, n.x + n.width, n.y + n.height]));
    if (k < FAR) { this.drawFar(g, nodes); this.drawTeams(g); }
    else for (const node of nodes) this.drawNode(g, node, k);
    if (k > 0.5) this.drawLabels(lines, edges);
    const flowing = edges.filter((edge) => edge.rate > 0 && !edge.dim && !edge.ghost && edge.curve[6] > edge.curve[0]);
    this.visibleFlows = flowing.length <= FLOWS_MAX && k > 0.3 ? flowing : [];
  }

  drawBoxes(g) {
    for (const box of this.graph.boxes) {
      g.fillStyle = this.colors.shade; g.strokeStyle = this.colors.line; g.lineWidth = 1 / Math.min(1, this.camera.k);
      g.beginPath(); g.roundRect(box.x, box.y, box.width, box.height, 14); g.fill(); g.stroke();
      if (this.camera.k < FAR) continue;
      const size = Math.max(14, Math.min(40, 12 / this.camera.k));
      g.fillStyle = this.colors.soft; g.font = `600 ${size}px ${this.font}`; g.textBaseline = "top"; g.textAlign = "left";
      g.fillText(this.cut(g, box.team || "no team", box.width - 28), box.x + 16, box.y + 11 - (size - 14) * 0.4);
    }
  }

  /** Names of teams, as large from far away as from near. */
  drawTeams(g) {
    const size = 12 / this.camera.k;
    g.font = `600 ${size}px ${this.font}`; g.textBaseline = "top"; g.textAlign = "left"; g.lineJoin = "round";
    g.lineWidth = 4 / this.camera.k; g.strokeStyle = this.colors.shade; g.fillStyle = this.colors.ink;
    for (const box of this.graph.boxes) {
      const text = this.cut(g, box.team || "no team", box.width - size);
      g.strokeText(text, box.x + size / 2, box.y + size / 3);
      g.fillText(text, box.x + size / 2, box.y + size / 3);
    }
  }

  style(edge) {
    if (edge.ghost) return GHOST;
    return this.policy ? POLICY_STYLES[edge.allowed] : STYLES[edge.tone] ?? STYLES.idle;
  }

  drawEdges(g, edges, k) {
    const batches = new Map();
    for (const edge of edges) {
      const weight = edge.rate <= 0 ? 0 : Math.min(3, Math.floor(Math.log10(1 + edge.rate)));
      const style = this.style(edge);
      const key = `${style.color} ${style.dash} ${weight} ${edge.dim}`;
      let batch = batches.get(key);
      if (!batch) { batch = {style, weight, dim: edge.dim, path: new Path2D(), edges: []}; batches.set(key, batch); }
      const c = edge.curve;
      batch.path.moveTo(c[0], c[1]);
      if (k < 0.16) batch.path.lineTo(c[6], c[7]);
      else batch.path.bezierCurveTo(c[2], c[3], c[4], c[5], c[6], c[7]);
      batch.edges.push(edge);
    }
    const crowd = edges.length > 1500 ? 0.4 : edges.length > 400 ? 0.65 : 1;
    for (const {style, weight, dim, path, edges: members} of batches.values()) {
      const strong = style.color === "bad" || style.color === "dry" || style.color === "warn";
      g.strokeStyle = this.colors[style.color];
      g.globalAlpha = dim ? 0.08 : strong ? Math.max(0.8, crowd) : style.color === "faint" ? 0.7 * crowd : 0.75 * crowd;
      g.lineWidth = Math.max((1 + 0.55 * weight) * (strong ? 1.2 : 1), 0.6 / k);
      g.setLineDash(k < 0.16 ? [] : style.dash);
      g.stroke(path);
      if (k > 0.4) {
        g.setLineDash([]); g.fillStyle = g.strokeStyle; g.beginPath();
        for (const {curve: c} of members) { g.moveTo(c[6], c[7]); g.lineTo(c[6] - 8, c[7] - 4); g.lineTo(c[6] - 8, c[7] + 4); }
        g.fill();
      }
    }
    g.globalAlpha = 1; g.setLineDash([]);
  }

  drawFar(g, nodes) {
    const batches = new Map();
    for (const node of nodes) {
      const color = node.dim ? "line" : node.health === "bad" ? "bad" : node.health === "warn" ? "warn" : node.kind === "topic" ? "topic" : "flow";
      if (!batches.has(color)) batches.set(color, []);
      batches.get(color).push(node);
    }
    for (const [color, members] of batches) {
      g.fillStyle = this.colors[color];
      g.beginPath();
      for (const n of members) g.rect(n.x, n.y, n.width, n.height);
      g.fill();
    }
  }

  drawNode(g, node, k) {
    const {x, y, width: w, height: h} = node, c = this.colors, topic = node.kind === "topic";
    g.globalAlpha = node.dim ? 0.18 : 1;
    g.beginPath();
    if (node.kind === "bypass") { g.moveTo(x + 10, y); g.lineTo(x + w - 10, y); g.lineTo(x + w, y + h / 2); g.lineTo(x + w - 10, y + h); g.lineTo(x + 10, y + h); g.lineTo(x, y + h / 2); g.closePath(); }
    else g.roundRect(x, y, w, h, topic ? h / 2 : 8);
    g.fillStyle = topic ? c.shade : c.card; g.fill();
    g.lineWidth = 1.2; g.strokeStyle = topic ? c.topic : node.health === "bad" ? c.bad : node.health === "warn" ? c.warn : c.line;
    g.setLineDash(node.kind === "principal" || node.kind === "bypass" ? [4, 3] : []); g.stroke(); g.setLineDash([]);
    const health = mark(node.health), middle = node.split ? y + 12 : y + h / 2;
    g.textBaseline = "middle"; g.textAlign = "center";
    if (topic) this.drawStack(g, x + 15, y + h / 2);
    else { g.font = `11px ${this.font}`; g.fillStyle = c[health.tone === "idle" ? "faint" : health.tone]; g.fillText(health.glyph, x + 14, middle); }
    const sub = k > 0.55 ? this.subtitle(node) : "";
    const badge = node.badges.length ? "⚑" : "";
    g.textAlign = "left"; g.fillStyle = c.ink; g.font = `${topic ? 500 : 600} 12.5px ${this.font}`;
    const room = w - 36 - (badge ? 12 : 0);
    const twoLines = sub && !node.split && !topic;
    g.fillText(this.cut(g, node.name, room), x + 26, twoLines ? middle - 7 : middle);
    if (badge) { g.fillStyle = c.warn; g.font = `10px ${this.font}`; g.fillText(badge, x + w - 18, twoLines ? middle - 7 : middle); }
    if (twoLines) { g.fillStyle = c.soft; g.font = `10px ${this.font}`; g.fillText(this.cut(g, sub, room), x + 26, middle + 8); }
    if (node.split) this.drawVersions(g, node);
    g.globalAlpha = 1;
  }

  drawStack(g, x, y) {
    g.strokeStyle = this.colors.topic; g.lineWidth = 1.6; g.beginPath();
    for (const dy of [-4, 0, 4]) { g.moveTo(x - 4, y + dy); g.lineTo(x + 4, y + dy); }
    g.stroke();
  }

  drawVersions(g, node) {
    g.font = `10px ${this.font}`; g.fillStyle = this.colors.soft;
    node.versions.slice(0, 4).forEach((version, i) => g.fillText(this.cut(g, `› ${version}`, node.width - 40), node.x + 26, node.y + 27 + 14 * i));
  }

  subtitle(node) {
    if (node.kind === "bypass") return "not through Weir";
    if (node.kind === "principal") return "no service in policy";
    return [node.team, node.versions.length === 1 ? node.versions[0] : node.versions.length > 1 ? `${node.versions.length} versions` : ""].filter(Boolean).join(" · ");
  }

  drawLabels(g, edges) {
    const shown = edges.filter((edge) => !edge.dim && edge.label());
    if (shown.length > LABELS_MAX) return;
    for (const edge of shown) this.drawLabel(g, edge, this.style(edge));
  }

  drawLabel(g, edge, style) {
    const text = this.policy && !edge.ghost ? {yes: "✓ allowed", no: "✕ not allowed", unknown: edge.label()}[edge.allowed] : edge.label();
    if (!text) return;
    g.font = `10.5px ${this.font}`; g.textAlign = "center"; g.textBaseline = "middle";
    const w = g.measureText(text).width + 8, [x, y] = pointAt(edge.curve, edge.operation === "produce" ? 0.5 : 0.52);
    g.globalAlpha = 0.9; g.fillStyle = this.colors.page; g.beginPath(); g.roundRect(x - w / 2, y - 7.5, w, 15, 5); g.fill();
    g.globalAlpha = 1; g.fillStyle = ["flow", "faint", "ok"].includes(style.color) ? this.colors.soft : this.colors[style.color];
    g.fillText(text, x, y + 0.5);
  }

  /** Text that fits; what was measured once is kept. */
  cut(g, text, room) {
    const key = `${g.font}|${Math.round(room)}|${text}`;
    let fits = this.widths.get(key);
    if (fits !== undefined) return fits;
    fits = visible(text.length > 80 ? text.slice(0, 80) : text);
    if (g.measureText(fits).width > room) {
      let low = 0, high = fits.length;
      while (low < high) { const mid = (low + high + 1) >> 1; if (g.measureText(fits.slice(0, mid) + "…").width <= room) low = mid; else high = mid - 1; }
      fits = fits.slice(0, low) + "…";
    }
    if (this.widths.size > 20000) this.widths.clear();
    this.widths.set(key, fits);
    return fits;
  }

  drawOver(now, flows) {
    const g = this.prepare(this.over);
    if (flows && this.camDirty !== true) this.drawFlows(g, now);
    const focus = this.hovered ?? this.picked;
    if (focus?.curve) this.emphasize(g, [focus]);
    else if (focus) {
      this.emphasize(g, this.graph.edges.filter((edge) => edge.from === focus || edge.to === focus));
    }
    if (this.picked && !this.picked.curve) {
      const n = this.picked;
      g.strokeStyle = this.colors.accent; g.lineWidth = 2.5 / Math.min(1, this.camera.k);
      g.beginPath(); g.roundRect(n.x - 4, n.y - 4, n.width + 8, n.height + 8, n.kind === "topic" ? n.height / 2 + 4 : 11); g.stroke();
    }
  }

  emphasize(g, edges) {
    const k = this.camera.k;
    for (const edge of edges.slice(0, 300)) {
      const style = this.style(edge), c = edge.curve;
      g.strokeStyle = this.colors[style.color === "faint" ? "soft" : style.color]; g.lineWidth = Math.max(2.6, 1.6 / k); g.setLineDash(style.dash);
      g.beginPath(); g.moveTo(c[0], c[1]); g.bezierCurveTo(c[2], c[3], c[4], c[5], c[6], c[7]); g.stroke();
    }
    g.setLineDash([]);
    if (k > 0.35 && edges.length <= 40) for (const edge of edges) this.drawLabel(g, edge, this.style(edge));
  }

  drawFlows(g, now) {
    for (const edge of this.visibleFlows) {
      const length = Math.hypot(edge.curve[6] - edge.curve[0], edge.curve[7] - edge.curve[1]) + 40;
      const pace = 16 + 20 * Math.log10(1 + edge.rate), dots = Math.max(1, Math.min(5, Math.floor(length / 90)));
      g.fillStyle = this.colors[this.style(edge).color === "faint" ? "soft" : this.style(edge).color];
      g.beginPath();
      for (let i = 0; i < dots; i++) {
        const [x, y] = pointAt(edge.curve, ((now / 1000) * (pace / length) + i / dots) % 1);
        g.moveTo(x + 2.4, y); g.arc(x, y, 2.4, 0, 7);
      }
      g.fill();
    }
  }

  // ---- people

  listen() {
    const {host} = this;
    host.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = host.getBoundingClientRect();
      if (event.ctrlKey || !event.shiftKey) this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
      else this.look({...this.camera, x: this.camera.x + event.deltaY / this.camera.k});
    }, {passive: false});
    host.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.moving = {x: event.clientX, y: event.clientY, far: false};
      host.setPointerCapture(event.pointerId);
    });
    host.addEventListener("pointermove", (event) => this.point(event));
    host.addEventListener("pointerup", (event) => {
      const clicked = this.moving && !this.moving.far;
      this.moving = null; host.classList.remove("dragging");
      if (clicked) this.pick(this.under(event));
    });
    host.addEventListener("pointerleave", () => { this.hovered = null; this.overDirty = true; this.told.hover(null); });
    host.addEventListener("dblclick", (event) => { const node = this.under(event); if (node && !node.curve) this.told.focusOn(node); });
    host.addEventListener("keydown", (event) => this.key(event));
  }

  under(event) {
    const box = this.host.getBoundingClientRect();
    const [x, y] = this.toGraph(event.clientX - box.left, event.clientY - box.top);
    return nodeAt(this.graph, x, y) ?? edgeAt(this.graph, x, y, 7 / this.camera.k);
  }

  point(event) {
    if (this.moving) {
      const dx = event.clientX - this.moving.x, dy = event.clientY - this.moving.y;
      if (!this.moving.far && Math.hypot(dx, dy) < 4) return;
      this.moving = {x: event.clientX, y: event.clientY, far: true};
      this.host.classList.add("dragging");
      this.look({...this.camera, x: this.camera.x - dx / this.camera.k, y: this.camera.y - dy / this.camera.k});
      return;
    }
    const under = this.under(event);
    if (under !== this.hovered) {
      this.hovered = under; this.overDirty = true;
      this.host.classList.toggle("pointing", Boolean(under));
      this.told.hover(under, event);
    }
  }

  pick(thing) {
    this.picked = thing; this.overDirty = true;
    this.told.select(thing);
  }

  key(event) {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step && event.shiftKey) this.look({...this.camera, x: this.camera.x + (step[0] * 80) / this.camera.k, y: this.camera.y + (step[1] * 80) / this.camera.k});
    else if (step) this.walk(step);
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.fit();
    else if (event.key === "f" && this.picked && !this.picked.curve) this.told.focusOn(this.picked);
    else return;
    event.preventDefault(); event.stopPropagation();
  }

  walk([dx, dy]) {
    const nodes = this.graph.nodes;
    if (!nodes.length) return;
    const from = this.picked && !this.picked.curve ? this.picked : null;
    const to = from ? neighbourOf(this.graph, from, dx, dy) : nodes.reduce((a, b) => (b.x + b.y < a.x + a.y ? b : a));
    if (!to) return;
    this.reveal(to); this.pick(to);
  }
}
