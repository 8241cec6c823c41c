/**
 * Draws a graph on three canvases: lines, above them what moves or is pointed at, and nodes on top. While a large picture is
 * dragged or zoomed, the last drawing is moved instead of drawn again.
 */

import {Camera} from "./camera.js";
import {drawEdges, drawFlows, drawLabels, emphasize} from "./edges.js";
import {route} from "./geometry.js";
import {listen} from "./hands.js";
import {Ink} from "./ink.js";
import {drawBoxes, drawFar, drawNode, drawTeams} from "./nodes.js";

const SLOW_MILLIS = 11;
const SETTLE_MILLIS = 110;
const FLOWS_MAX = 260;
const FLOW_FRAME_MILLIS = 33;
/** Closer than this there is text. */
const FAR = 0.28;
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
    this.camera = new Camera(); this.fitted = false; this.whole = false;
    this.ink = new Ink();
    this.picked = null; this.hovered = null; this.still = false;
    this.cost = 0; this.visibleFlows = []; this.movedAt = 0; this.flowAt = 0;
    this.dead = false;
    new ResizeObserver(() => this.resize()).observe(host);
    this.resize(); listen(this);
    this.loop = (now) => { if (!this.dead) { this.tick(now); requestAnimationFrame(this.loop); } };
    requestAnimationFrame(this.loop);
  }

  close() { this.dead = true; }

  theme() { this.ink.read(); this.dirty = true; }

  resize() {
    const {clientWidth: w, clientHeight: h} = this.host;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    for (const canvas of this.layers) { canvas.width = w * this.ratio; canvas.height = h * this.ratio; }
    this.camera.width = w; this.camera.height = h; this.dirty = true;
    if (this.graph.nodes.length && (!this.fitted || this.whole)) this.fit();
  }

  /** Shows this graph; where the camera is stays, unless it was never set. */
  show(graph, {policy, still}) {
    this.graph = graph; this.ink.policy = policy; this.still = still;
    route(graph);
    this.picked = this.picked && (graph.byId.get(this.picked.id) ?? null);
    this.hovered = null; this.dirty = true;
    // As long as nobody has moved the picture, all of it is shown.
    if ((!this.fitted || this.whole) && graph.nodes.length) this.fit();
  }

  fit() {
    if (!this.graph.nodes.length || !this.camera.width) return;
    const all = this.graph.nodes.length === this.graph.byId.size ? this.graph.boxes : [];
    this.look(this.camera.around([...this.graph.nodes, ...all]), false);
    this.whole = true;
  }

  look(where, byPerson = true) {
    this.camera.set(where); this.fitted = true; this.whole = false; this.movedAt = performance.now(); this.moved = true;
    if (byPerson) this.told.camera(where);
  }

  center(node, least = 0.7) {
    this.look({x: node.x + node.width / 2, y: node.y + node.height / 2, k: Math.max(least, this.camera.k)});
  }

  /** Keeps a node in sight. */
  reveal(node) {
    const {width, height, k} = this.camera, [x, y] = this.camera.toScreen(node.x + node.width / 2, node.y + node.height / 2);
    if (x < 60 || y < 40 || x > width - 60 || y > height - 40) this.center(node, k);
  }

  zoom(factor, sx, sy) { this.look(this.camera.zoomed(factor, sx, sy)); }

  pick(thing) {
    this.picked = thing; this.overDirty = true;
    this.told.select(thing);
  }

  hover(thing, event) {
    if (thing === this.hovered) return;
    this.hovered = thing; this.overDirty = true;
    this.told.hover(thing, event);
  }

  /** Also when what was under the pointer is not there any more. */
  leave() {
    this.hovered = null; this.overDirty = true;
    this.told.hover(null);
  }

  tick(now) {
    const settled = now - this.movedAt > SETTLE_MILLIS;
    if (this.dirty || (this.moved && (this.cost < SLOW_MILLIS || settled))) {
      const start = performance.now();
      this.drawBase();
      this.cost = performance.now() - start;
      this.drawn = this.camera.at(); this.dirty = false; this.moved = false; this.overDirty = true;
      this.base.style.transform = this.lines.style.transform = "";
      if (this.graph.byId.size) this.host.dataset.drawn = "true";
    } else if (this.moved && this.drawn) {
      this.base.style.transform = this.lines.style.transform = this.camera.transformFrom(this.drawn);
      this.overDirty = true;
    }
    const flows = !this.still && !calm.matches && this.visibleFlows.length > 0 && !document.hidden;
    if ((flows && now - this.flowAt >= FLOW_FRAME_MILLIS) || this.overDirty) {
      this.flowAt = now; this.overDirty = false;
      this.drawOver(now, flows);
    }
  }

  drawBase() {
    const {camera, ink, graph, ratio} = this, {k} = camera, far = k < FAR;
    const lines = camera.prepare(this.lines, ratio), g = camera.prepare(this.base, ratio), sees = camera.sees();
    const edges = graph.edges.filter((edge) => sees(edge.box));
    const nodes = graph.nodes.filter((n) => sees([n.x, n.y, n.x + n.width, n.y + n.height]));
    drawBoxes(lines, ink, graph.boxes, k, far);
    drawEdges(lines, ink, edges, k);
    // above what moves, below the nodes
    if (k > 0.5) drawLabels(g, ink, edges);
    if (far) { drawFar(g, ink, nodes); drawTeams(g, ink, graph.boxes, k); }
    else for (const node of nodes) drawNode(g, ink, node, k);
    const flowing = edges.filter((edge) => edge.rate > 0 && !edge.dim && !edge.ghost && edge.curve[6] > edge.curve[0]);
    this.visibleFlows = flowing.length <= FLOWS_MAX && k > 0.3 ? flowing : [];
  }

  drawOver(now, flows) {
    const {ink, graph, camera: {k}} = this, g = this.camera.prepare(this.over, this.ratio);
    if (flows && !this.moved) drawFlows(g, ink, this.visibleFlows, now);
    const focus = this.hovered ?? this.picked;
    if (focus) emphasize(g, ink, focus.curve ? [focus] : graph.edges.filter((edge) => edge.from === focus || edge.to === focus), k);
    if (this.picked && !this.picked.curve) {
      const n = this.picked;
      g.strokeStyle = ink.colors.accent; g.lineWidth = 2.5 / Math.min(1, k);
      g.beginPath(); g.roundRect(n.x - 4, n.y - 4, n.width + 8, n.height + 8, n.kind === "topic" ? n.height / 2 + 4 : 11); g.stroke();
    }
  }
}
