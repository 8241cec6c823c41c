/** Draws nodes and the boxes around them. */

import {mark} from "./format.js";

/** The boxes of teams. */
export function drawBoxes(g, ink, boxes, k, far) {
  for (const box of boxes) {
    g.fillStyle = ink.colors.shade; g.strokeStyle = ink.colors.line; g.lineWidth = 1 / Math.min(1, k);
    g.beginPath(); g.roundRect(box.x, box.y, box.width, box.height, 14); g.fill(); g.stroke();
    if (far) continue;
    const size = Math.max(14, Math.min(40, 12 / k));
    g.fillStyle = ink.colors.soft; g.font = ink.font(size, 600); g.textBaseline = "top"; g.textAlign = "left";
    g.fillText(ink.cut(g, box.team || "no team", box.width - 28), box.x + 16, box.y + 11 - (size - 14) * 0.4);
  }
}

/** Names of teams, as large from far away as from near. */
export function drawTeams(g, ink, boxes, k) {
  const size = 12 / k;
  g.font = ink.font(size, 600); g.textBaseline = "top"; g.textAlign = "left"; g.lineJoin = "round";
  g.lineWidth = 4 / k; g.strokeStyle = ink.colors.shade; g.fillStyle = ink.colors.ink;
  for (const box of boxes) {
    const text = ink.cut(g, box.team || "no team", box.width - size);
    g.strokeText(text, box.x + size / 2, box.y + size / 3);
    g.fillText(text, box.x + size / 2, box.y + size / 3);
  }
}

/** All nodes, from so far that nobody could read them. */
export function drawFar(g, ink, nodes) {
  const batches = new Map();
  for (const node of nodes) {
    const color = node.dim ? "line" : node.health === "bad" ? "bad" : node.health === "warn" ? "warn" : node.kind === "topic" ? "topic" : "flow";
    if (!batches.has(color)) batches.set(color, []);
    batches.get(color).push(node);
  }
  for (const [color, members] of batches) {
    g.fillStyle = ink.colors[color];
    g.beginPath();
    for (const n of members) g.rect(n.x, n.y, n.width, n.height);
    g.fill();
  }
}

/** One node, close enough to be read. */
export function drawNode(g, ink, node, k) {
  const {x, y, width: w, height: h} = node, c = ink.colors, topic = node.kind === "topic";
  g.globalAlpha = node.dim ? 0.18 : 1;
  g.beginPath();
  if (node.kind === "bypass") { g.moveTo(x + 10, y); g.lineTo(x + w - 10, y); g.lineTo(x + w, y + h / 2); g.lineTo(x + w - 10, y + h); g.lineTo(x + 10, y + h); g.lineTo(x, y + h / 2); g.closePath(); }
  else g.roundRect(x, y, w, h, topic ? h / 2 : 8);
  g.fillStyle = topic ? c.shade : c.card; g.fill();
  g.lineWidth = 1.2; g.strokeStyle = node.health === "bad" ? c.bad : node.health === "warn" ? c.warn : topic ? c.topic : c.line;
  g.setLineDash(node.kind === "principal" || node.kind === "bypass" ? [4, 3] : []); g.stroke(); g.setLineDash([]);
  const health = mark(node.health), middle = node.split ? y + 12 : y + h / 2;
  g.textBaseline = "middle"; g.textAlign = "center";
  if (topic) drawStack(g, ink, x + 15, y + h / 2);
  else { g.font = ink.font(11); g.fillStyle = c[health.tone === "idle" ? "faint" : health.tone]; g.fillText(health.glyph, x + 14, middle); }
  const sub = k > 0.55 ? subtitle(node) : "";
  const badge = node.badges.length ? "⚑" : "";
  g.textAlign = "left"; g.fillStyle = c.ink; g.font = ink.font(12.5, topic ? 500 : 600);
  const room = w - 36 - (badge ? 12 : 0);
  const twoLines = sub && !node.split && !topic;
  g.fillText(ink.cut(g, node.name, room), x + 26, twoLines ? middle - 7 : middle);
  if (badge) { g.fillStyle = c.warn; g.font = ink.font(10); g.fillText(badge, x + w - 18, twoLines ? middle - 7 : middle); }
  if (twoLines) { g.fillStyle = c.soft; g.font = ink.font(10); g.fillText(ink.cut(g, sub, room), x + 26, middle + 8); }
  if (node.split) drawVersions(g, ink, node);
  g.globalAlpha = 1;
}

function drawStack(g, ink, x, y) {
  g.strokeStyle = ink.colors.topic; g.lineWidth = 1.6; g.beginPath();
  for (const dy of [-4, 0, 4]) { g.moveTo(x - 4, y + dy); g.lineTo(x + 4, y + dy); }
  g.stroke();
}

function drawVersions(g, ink, node) {
  g.font = ink.font(10); g.fillStyle = ink.colors.soft;
  node.versions.slice(0, 4).forEach((version, i) => g.fillText(ink.cut(g, `› ${version}`, node.width - 40), node.x + 26, node.y + 27 + 14 * i));
}

function subtitle(node) {
  if (node.kind === "bypass") return "not through Weir";
  if (node.kind === "principal") return "no service in policy";
  return [node.team, node.versions.length === 1 ? node.versions[0] : node.versions.length > 1 ? `${node.versions.length} versions` : ""].filter(Boolean).join(" · ");
}
