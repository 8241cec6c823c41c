/** The time slider: now, or any moment of the last 24 hours; plays forward from there. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {state, update} from "./state.js";

const DAY_SECONDS = 86400;
const STEP_SECONDS = 10;
const PLAY_SECONDS = 60;
const WINDOWS = {"10s": "10 s", "60s": "1 min", "5m": "5 min", "1h": "1 h"};
let playing = null;

export function timeline(host) {
  const slider = h("input", {type: "range", id: "time", min: -DAY_SECONDS, max: 0, step: STEP_SECONDS, "aria-label": "Moment, within the last 24 hours"});
  const output = h("output", {for: "time"});
  const play = h("button.plain", {type: "button", id: "play"}, "▶ Play");
  const live = h("button.plain", {type: "button", id: "live"}, "Back to now");
  const window = h("select", {"aria-label": "Rates over", id: "window"}, Object.entries(WINDOWS).map(([value, text]) => h("option", {value}, text)));
  host.append(play, slider, output, live, h("label.field", {}, "rates over ", window));

  let sliding = null;
  slider.addEventListener("input", () => {
    const at = Number(slider.value) === 0 ? "" : String(momentOf(slider.value));
    clearInterval(playing);
    playing = null;
    clearTimeout(sliding);
    sliding = setTimeout(() => { sliding = null; update({at}, true); show(); }, 120);
    say(at);
  });
  window.addEventListener("change", () => update({window: window.value}));
  live.addEventListener("click", () => { stop(); update({at: ""}); });
  play.addEventListener("click", () => (playing ? stop() : start()));

  function start() {
    if (!state().at) update({at: String(Date.now() - 3600e3)});
    playing = setInterval(() => {
      const next = Number(state().at) + PLAY_SECONDS * 1000;
      if (!state().at || next >= Date.now()) { stop(); update({at: ""}); } else update({at: String(next)}, true);
    }, 1000);
    show();
  }

  function stop() {
    clearInterval(playing);
    playing = null;
    show();
  }

  function say(at) {
    output.replaceChildren(h(at ? "span.replay" : "span.live", {}, at ? "◀ Replay " : "● Now "), at ? format.dateTime(Number(at)) : "");
    slider.setAttribute("aria-valuetext", at ? format.dateTime(Number(at)) : "now");
  }

  function show() {
    if (sliding) return;
    const at = state().at;
    slider.value = at ? String(Math.round((Number(at) - Date.now()) / 1000)) : "0";
    window.value = state().window;
    live.hidden = !at;
    play.textContent = playing ? "❚❚ Pause" : "▶ Play";
    say(at);
  }

  show();
  return show;
}

const momentOf = (seconds) => Math.round(Date.now() / 1000 + Number(seconds)) * 1000;
