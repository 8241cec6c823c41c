/** What part of a picture is on the screen: the point in the middle, and a scale. */

const ZOOM_MIN = 0.01;
const ZOOM_MAX = 4;
const FIT_MAX = 1.3;
const MARGIN = 48;

export class Camera {
  x = 0; y = 0; k = 1;
  /** Of the screen, in pixels. */
  width = 0; height = 0;

  set({x, y, k}) { this.x = x; this.y = y; this.k = k; }

  at() { return {x: this.x, y: this.y, k: this.k}; }

  toScreen(x, y) {
    return [(x - this.x) * this.k + this.width / 2, (y - this.y) * this.k + this.height / 2];
  }

  toGraph(sx, sy) {
    return [(sx - this.width / 2) / this.k + this.x, (sy - this.height / 2) / this.k + this.y];
  }

  /** Where to look to see all of these rectangles. */
  around(rects) {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (const r of rects) {
      left = Math.min(left, r.x); top = Math.min(top, r.y);
      right = Math.max(right, r.x + r.width); bottom = Math.max(bottom, r.y + r.height);
    }
    const k = Math.min(FIT_MAX, (this.width - 2 * MARGIN) / Math.max(1, right - left), (this.height - 2 * MARGIN) / Math.max(1, bottom - top));
    return {x: (left + right) / 2, y: (top + bottom) / 2, k: Math.max(ZOOM_MIN, k)};
  }

  /** Where to look to be closer or further, while this point of the screen stays. */
  zoomed(factor, sx = this.width / 2, sy = this.height / 2) {
    const [x, y] = this.toGraph(sx, sy);
    const k = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, this.k * factor));
    return {x: x - (sx - this.width / 2) / k, y: y - (sy - this.height / 2) / k, k};
  }

  /** Where to look after the picture was moved by so many pixels. */
  moved(dx, dy) {
    return {x: this.x - dx / this.k, y: this.y - dy / this.k, k: this.k};
  }

  /** How a canvas that was drawn from there has to be moved to be seen from here. */
  transformFrom(drawn) {
    const s = this.k / drawn.k;
    const tx = (drawn.x - this.x) * this.k + (this.width / 2) * (1 - s), ty = (drawn.y - this.y) * this.k + (this.height / 2) * (1 - s);
    return `translate(${tx}px, ${ty}px) scale(${s})`;
  }

  /** A cleared canvas on which the graph's own units are drawn. */
  prepare(canvas, ratio) {
    const g = canvas.getContext("2d"), {x, y, k} = this;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, canvas.width, canvas.height);
    g.setTransform(k * ratio, 0, 0, k * ratio, (this.width / 2 - x * k) * ratio, (this.height / 2 - y * k) * ratio);
    return g;
  }

  /** Whether a box [left, top, right, bottom] is on the screen. */
  sees() {
    const [left, top] = this.toGraph(0, 0), [right, bottom] = this.toGraph(this.width, this.height);
    return (b) => b[2] >= left && b[0] <= right && b[3] >= top && b[1] <= bottom;
  }
}
