/** What people do with the graph, by pointer and by keyboard. */

import {edgeAt, neighbourOf, nodeAt} from "./geometry.js";

const STEP = 80;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** @param {GraphCanvas} canvas whose host they touch */
export function listen(canvas) {
  const {host} = canvas;
  let dragging = null;

  const at = (event) => {
    const box = host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const under = (event) => {
    const [x, y] = canvas.camera.toGraph(...at(event));
    return nodeAt(canvas.graph, x, y) ?? edgeAt(canvas.graph, x, y, 7 / canvas.camera.k);
  };

  host.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey || !event.shiftKey) canvas.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...at(event));
    else canvas.look(canvas.camera.moved(-event.deltaY, 0));
  }, {passive: false});
  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = {x: event.clientX, y: event.clientY, far: false};
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointermove", (event) => {
    if (!dragging) {
      const thing = under(event);
      host.classList.toggle("pointing", Boolean(thing));
      canvas.hover(thing, event);
      return;
    }
    const dx = event.clientX - dragging.x, dy = event.clientY - dragging.y;
    if (!dragging.far && Math.hypot(dx, dy) < 4) return;
    dragging = {x: event.clientX, y: event.clientY, far: true};
    host.classList.add("dragging");
    canvas.look(canvas.camera.moved(dx, dy));
  });
  host.addEventListener("pointerup", (event) => {
    const clicked = dragging && !dragging.far;
    dragging = null; host.classList.remove("dragging");
    if (clicked) canvas.pick(under(event));
  });
  host.addEventListener("pointerleave", () => canvas.leave());
  host.addEventListener("dblclick", (event) => { const node = under(event); if (node && !node.curve) canvas.told.focusOn(node); });
  host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(canvas, event)) return;
    event.preventDefault(); event.stopPropagation();
  });
}

/** Whether the key means something here. */
function press(canvas, event) {
  const arrow = ARROWS[event.key], picked = canvas.picked && !canvas.picked.curve ? canvas.picked : null;
  if (arrow && event.shiftKey) canvas.look(canvas.camera.moved(-STEP * arrow[0], -STEP * arrow[1]));
  else if (arrow) walk(canvas, picked, arrow);
  else if (event.key === "+" || event.key === "=") canvas.zoom(1.25);
  else if (event.key === "-") canvas.zoom(0.8);
  else if (event.key === "0") canvas.fit();
  else if (event.key === "f" && picked) canvas.told.focusOn(picked);
  else return false;
  return true;
}

function walk(canvas, from, [dx, dy]) {
  const {nodes} = canvas.graph;
  if (!nodes.length) return;
  const to = from ? neighbourOf(canvas.graph, from, dx, dy) : nodes.reduce((a, b) => (b.x + b.y < a.x + a.y ? b : a));
  if (!to) return;
  canvas.reveal(to); canvas.pick(to);
}
