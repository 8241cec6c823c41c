/** The live graph: the bar above it, the canvas, what is said about what is under the pointer, and the inspector. */

import * as format from "./format.js";
import {announce, fill, h, svg} from "./dom.js";
import {state, update} from "./state.js";
import {Attention} from "./attention.js";
import {GraphCanvas} from "./canvas.js";
import {inspector} from "./inspector.js";

const SWITCHES = [
  ["shape", "services", "Services only", "Service to service, without topics"], ["versions", "1", "Versions", "One line for each version of a service"],
  ["boxes", "team", "Teams", "Boxes by team"], ["policy", "1", "Policy", "What policy allows, against what happens"], ["still", "1", "Still", "Nothing moves"],
];
const OFF = {shape: "topics"};

/** The fields for find and hide; they are shared with the other views. */
export function filters(problems) {
  return ["find", "hide"].map((name) => {
    const wrong = h("div.wrong", {id: `${name}-wrong`, role: "alert"});
    const input = h("input", {type: "text", id: name, "data-key": name, value: state()[name], spellcheck: "false", autocomplete: "off", maxlength: 500, placeholder: name === "find" ? "team=orders or lagtime>30s" : "kind=topic rate=0", "aria-describedby": wrong.id,
      on: {input: () => update({[name]: input.value}, true)}});
    const show = () => {
      const problem = problems()[name];
      input.setAttribute("aria-invalid", String(Boolean(problem)));
      wrong.textContent = problem ?? "";
      if (document.activeElement !== input && input.value !== state()[name]) input.value = state()[name];
    };
    return {element: h("div.expression", {}, h("label.field", {for: name}, name === "find" ? "Find" : "Hide", input), wrong), show};
  });
}

export class GraphView {
  constructor(host, problems) {
    this.filters = filters(problems);
    this.switches = SWITCHES.map(([key, on, text, title]) => h("button.switch", {type: "button", title, "data-switch": key, on: {click: () => update({[key]: state()[key] === on ? OFF[key] ?? "" : on})}}, text));
    this.end = h("span.end", {id: "counts"});
    this.all = h("button.plain", {type: "button", id: "show-all", on: {click: () => update({focus: ""})}}, "Show all");
    this.stage = h("div", {id: "graph", tabindex: 0, role: "application", "aria-roledescription": "graph", "aria-label": "Who produces what, and who consumes it. Arrows go from node to node."});
    this.empty = h("div.empty", {}, "Looking at the mesh…");
    this.tip = h("div.tip", {hidden: true});
    this.side = h("div.side");
    this.legend = h("div.legend");
    this.attention = new Attention();
    const zoom = (text, label, act) => h("button.icon", {type: "button", "aria-label": label, on: {click: act, pointerdown: (e) => e.stopPropagation(), pointerup: (e) => e.stopPropagation()}}, text);
    fill(host, h("div.bar", {}, this.filters.map((f) => f.element), h("div.switches", {role: "group", "aria-label": "What is drawn"}, this.switches), this.all, this.end), this.attention.element, h("div.stage", {}, this.stage, this.side));
    this.canvas = new GraphCanvas(this.stage, {
      select: (thing) => this.choose(thing), hover: (thing, event) => this.hover(thing, event), focusOn: (node) => update({focus: state().focus === node.id ? "" : node.id}),
      camera: (camera) => { clearTimeout(this.later); this.later = setTimeout(() => update({camera: [camera.x, camera.y].map(Math.round).join(",") + "," + camera.k.toFixed(3)}, true), 300); },
    });
    this.stage.append(this.empty, this.legend, h("div.zoom", {}, zoom("+", "Closer", () => this.canvas.zoom(1.3)), zoom("−", "Further", () => this.canvas.zoom(0.77)), zoom(svg("svg", {viewBox: "0 0 16 16", "aria-hidden": "true"}, svg("path", {d: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"})), "All of it", () => this.canvas.fit())), this.tip);
    const [x, y, k] = state().camera.split(",").map(Number);
    if (k > 0 && Number.isFinite(x) && Number.isFinite(y)) this.canvas.look({x, y, k}, false);
  }

  close() { this.canvas.close(); clearTimeout(this.later); }

  theme() { this.canvas.theme(); }

  /** @param {object[]} slos objectives, to say which are at risk; null where they are not known */
  show(graph, slos, changed) {
    this.graph = graph;
    const s = state();
    this.filters.forEach((f) => f.show());
    this.switches.forEach((button, i) => button.setAttribute("aria-pressed", String(s[SWITCHES[i][0]] === SWITCHES[i][1])));
    this.all.hidden = !s.focus;
    if (!graph) return;
    if (changed?.has("shape") || changed?.has("boxes") || changed?.has("focus")) this.canvas.fitted = false;
    this.canvas.show(graph, {policy: Boolean(s.policy), still: Boolean(s.still)});
    this.canvas.picked = this.find(s.sel);
    if (!this.canvas.fitted) this.canvas.fit();
    this.empty.hidden = graph.nodes.length > 0;
    this.empty.textContent = graph.byId.size ? "Everything is hidden." : "No traffic has been seen yet. It appears here as soon as a client talks through Weir.";
    this.end.textContent = `${graph.nodes.length} nodes · ${graph.edges.length} flows${graph.hidden ? ` · ${graph.hidden} hidden` : ""}${graph.found >= 0 ? ` · ${graph.found} found` : ""}`;
    Object.assign(this.stage.dataset, {nodes: graph.nodes.length, edges: graph.edges.length, found: graph.found, hidden: graph.hidden});
    this.drawLegend(s);
    this.attention.show(graph, slos, (thing) => this.choose(thing));
    this.inspect();
  }

  find(id) {
    return id ? this.graph.byId.get(id) ?? this.graph.edges.find((edge) => edge.id === id) ?? null : null;
  }

  choose(thing) {
    this.canvas.picked = thing; this.canvas.overDirty = true;
    update({sel: thing?.id ?? ""}, true);
    this.inspect();
    if (thing) announce(describe(thing));
  }

  inspect() {
    const thing = this.canvas.picked;
    fill(this.side, thing ? inspector(thing, this.graph, (next) => { if (next && !next.curve) this.canvas.reveal(next); this.choose(next); if (!next) this.stage.focus(); }) : null);
  }

  hover(thing, event) {
    this.tip.hidden = !thing;
    if (!thing) return;
    const box = this.stage.getBoundingClientRect();
    fill(this.tip, h("b", {}, thing.curve ? `${thing.from.name} → ${thing.to.name}` : thing.name), describe(thing, true));
    const left = Math.min(event.clientX - box.left + 14, box.width - 330), top = Math.min(event.clientY - box.top + 16, box.height - 80);
    this.tip.style.left = `${Math.max(4, left)}px`; this.tip.style.top = `${Math.max(4, top)}px`;
  }

  /** What the flag on a node stands for, in this picture. */
  flags() {
    const badges = new Set(this.graph.nodes.flatMap((node) => node.badges));
    return badges.size ? h("span", {}, h("i.warn", {"aria-hidden": "true"}, "⚑"), [...badges].sort().join(", ")) : null;
  }

  /** How mirrors are drawn, where there are any. */
  mirrors(line) {
    return this.graph.edges.some((edge) => edge.operation === "mirror") ? [line("topic", "9 3 2 3", "mirrored"), line("warn", "9 3 2 3", "▲ loses copies")] : null;
  }

  drawLegend(s) {
    const line = (tone, dash, text) => h("span", {}, svg("svg", {viewBox: "0 0 26 10", "aria-hidden": "true"}, svg("line", {class: `stroke-${tone}`, x1: 0, y1: 5, x2: 26, y2: 5, "stroke-width": 2.4, "stroke-dasharray": dash})), text);
    fill(this.legend, s.policy ? [line("ok", "", "✓ allowed and used"), line("bad", "7 5", "✕ not allowed"), line("ok", "1 5", "allowed, not used"), line("faint", "", "policy unknown")]
      : [line("flow", "", "flowing"), line("faint", "", "idle"), line("warn", "", "▲ late"), line("bad", "", "◆ very late"), line("bad", "7 5", "✕ denied"), line("dry", "2 4", "◇ would be denied"), line("warn", "2 3", "▲ failing"), this.mirrors(line), this.flags()]);
  }
}

/** A node or an edge in one sentence. */
export function describe(thing, short = false) {
  if (thing.curve) {
    const name = short ? "" : `Flow from ${thing.from.name} to ${thing.to.name}: `;
    return name + [thing.label() || "idle", thing.bytes > 0 && `${format.bytes(thing.bytes)}/s`, thing.get("group").length && `group ${thing.get("group").join(", ")}`, thing.via.size && `through ${[...thing.via].slice(0, 5).join(", ")}`].filter(Boolean).join(", ");
  }
  const flows = `${format.rate(thing.in)} in, ${format.rate(thing.out)} out`;
  return [short ? thing.kind : `${thing.kind} ${thing.name}`, thing.team && `team ${thing.team}`, format.mark(thing.health).word, flows, ...thing.badges].filter(Boolean).join(", ");
}
