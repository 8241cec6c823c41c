/** Draws edges, what they say, and what moves on them. */

import {pointAt} from "./geometry.js";

const LABELS_MAX = 140;

/** Lines and their heads; those that look alike are one path. */
export function drawEdges(g, ink, edges, k) {
  const batches = new Map();
  for (const edge of edges) {
    const weight = edge.rate <= 0 ? 0 : Math.min(3, Math.floor(Math.log10(1 + edge.rate)));
    const style = ink.edge(edge);
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
    g.strokeStyle = ink.colors[style.color];
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

/** What edges say, unless there are too many to be read. */
export function drawLabels(g, ink, edges) {
  const shown = edges.filter((edge) => !edge.dim && edge.label());
  if (shown.length > LABELS_MAX) return;
  for (const edge of shown) drawLabel(g, ink, edge, ink.edge(edge));
}

function drawLabel(g, ink, edge, style) {
  const text = ink.policy && !edge.ghost ? {yes: "✓ allowed", no: "✕ not allowed", unknown: edge.label()}[edge.allowed] : edge.label();
  if (!text) return;
  g.font = ink.font(10.5); g.textAlign = "center"; g.textBaseline = "middle";
  const w = g.measureText(text).width + 8, [x, y] = pointAt(edge.curve, edge.operation === "produce" ? 0.5 : 0.52);
  g.globalAlpha = 0.9; g.fillStyle = ink.colors.page; g.beginPath(); g.roundRect(x - w / 2, y - 7.5, w, 15, 5); g.fill();
  g.globalAlpha = 1; g.fillStyle = ["flow", "faint", "ok", "topic"].includes(style.color) ? ink.colors.soft : ink.colors[style.color];
  g.fillText(text, x, y + 0.5);
}

/** Edges that somebody points at. */
export function emphasize(g, ink, edges, k) {
  for (const edge of edges.slice(0, 300)) {
    const style = ink.edge(edge), c = edge.curve;
    g.strokeStyle = ink.colors[style.color === "faint" ? "soft" : style.color]; g.lineWidth = Math.max(2.6, 1.6 / k); g.setLineDash(style.dash);
    g.beginPath(); g.moveTo(c[0], c[1]); g.bezierCurveTo(c[2], c[3], c[4], c[5], c[6], c[7]); g.stroke();
  }
  g.setLineDash([]);
  if (k > 0.35 && edges.length <= 40) for (const edge of edges) drawLabel(g, ink, edge, ink.edge(edge));
}

/** Dots that run along edges, faster where more flows. */
export function drawFlows(g, ink, edges, now) {
  for (const edge of edges) {
    const length = Math.hypot(edge.curve[6] - edge.curve[0], edge.curve[7] - edge.curve[1]) + 40;
    const pace = 16 + 20 * Math.log10(1 + edge.rate), dots = Math.max(1, Math.min(5, Math.floor(length / 90)));
    g.fillStyle = ink.colors[ink.edge(edge).color === "faint" ? "soft" : ink.edge(edge).color];
    g.beginPath();
    for (let i = 0; i < dots; i++) {
      const [x, y] = pointAt(edge.curve, ((now / 1000) * (pace / length) + i / dots) % 1);
      g.moveTo(x + 2.4, y); g.arc(x, y, 2.4, 0, 7);
    }
    g.fill();
  }
}
