/** Curves of edges and what is near a point; pure arithmetic. */

/** Gives every edge its curve: [x0, y0, x1, y1, x2, y2, x3, y3], a cubic Bézier, and the box around it. */
export function route(graph) {
  for (const edge of graph.edges) {
    const {from, to} = edge;
    const producerSide = edge.operation === "produce";
    const y0 = from.port(producerSide || !edge.parts[0]?.via ? edge.version : "");
    const y3 = to.port(producerSide ? "" : edge.version);
    const x0 = from.x + from.width, x3 = to.x;
    if (x3 >= x0) {
      const bend = Math.max(30, (x3 - x0) * 0.5);
      edge.curve = [x0, y0, x0 + bend, y0, x3 - bend, y3, x3, y3];
    } else {
      // Back to the left: out, around and in again.
      const bend = Math.min(160, 60 + (x0 - x3) * 0.15);
      const lift = Math.abs(y3 - y0) < 40 ? 70 : 0;
      edge.curve = [x0, y0, x0 + bend, y0 + lift, x3 - bend, y3 + lift, x3, y3];
    }
    const c = edge.curve;
    edge.box = [Math.min(c[0], c[2], c[4], c[6]), Math.min(c[1], c[3], c[5], c[7]), Math.max(c[0], c[2], c[4], c[6]), Math.max(c[1], c[3], c[5], c[7])];
  }
}

/** The point of a curve at t, 0 to 1. */
export function pointAt(c, t) {
  const u = 1 - t, a = u * u * u, b = 3 * u * u * t, d = 3 * u * t * t, e = t * t * t;
  return [a * c[0] + b * c[2] + d * c[4] + e * c[6], a * c[1] + b * c[3] + d * c[5] + e * c[7]];
}

export function nodeAt(graph, x, y) {
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const n = graph.nodes[i];
    if (x >= n.x && x <= n.x + n.width && y >= n.y && y <= n.y + n.height) return n;
  }
  return null;
}

export function edgeAt(graph, x, y, reach) {
  let best = null, least = reach * reach;
  for (const edge of graph.edges) {
    const [left, top, right, bottom] = edge.box;
    if (x < left - reach || x > right + reach || y < top - reach || y > bottom + reach) continue;
    for (let i = 0; i <= 24; i++) {
      const [px, py] = pointAt(edge.curve, i / 24);
      const d = (px - x) ** 2 + (py - y) ** 2;
      if (d < least) { least = d; best = edge; }
    }
  }
  return best;
}

/** The nearest node in a direction: far to the side counts more than far away. */
export function neighbourOf(graph, node, dx, dy) {
  const cx = node.x + node.width / 2, cy = node.y + node.height / 2;
  let best = null, least = Infinity;
  for (const other of graph.nodes) {
    if (other === node) continue;
    const ox = other.x + other.width / 2 - cx, oy = other.y + other.height / 2 - cy;
    const along = ox * dx + oy * dy, aside = Math.abs(ox * dy) + Math.abs(oy * dx);
    if (along <= 4) continue;
    const cost = along + 2.5 * aside - (node.neighbours.has(other.id) ? 60 : 0);
    if (cost < least) { least = cost; best = other; }
  }
  return best;
}
