/** Puts the page together: what to load for which view, when to load it again, and what to say when that fails. */

import * as format from "./format.js";
import {connection, get, listen, on} from "./api.js";
import {fill, h} from "./dom.js";
import {onState, state, update} from "./state.js";
import {compile} from "./expression.js";
import {build} from "./model.js";
import {filters, GraphView} from "./graph.js";
import {account} from "./account.js";
import {flows, proxies} from "./tables.js";
import {canaries} from "./canaries.js";
import {security} from "./security.js";
import {lag} from "./lag.js";
import {schemas} from "./schemas.js";
import {slos} from "./slo.js";
import {timeline} from "./timeline.js";
import {coverage, help} from "./help.js";

const VIEWS = {graph: "Graph", flows: "Flows", lag: "Lag", slos: "SLO", schemas: "Schemas", security: "Security", proxies: "Proxies", canaries: "Canaries"};
const TABLES = {lag: (data) => lag(data, expressions.find), slos, schemas, security, proxies, canaries, flows: (data) => flows(graphOf(data), data.edges.length + data.mirrors.length)};
const RELOAD_MILLIS_MIN = 1000;
const RELOAD_MILLIS_MAX = 12000;
/** Rates fade without any event. */
const FADE_MILLIS = 15000;

const main = document.getElementById("main");
const data = {};
const expressions = {find: null, hide: null, problems: {}};
let graphView = null, table = null, shown = null, freshness = null, mesh = null;
let loading = null, again = false, timer = null, cost = 0, loadedAt = 0;

// ---- what is asked for

function pathOf(view) {
  return view === "graph" || view === "flows" ? "topology" : view;
}

async function load() {
  clearTimeout(timer); timer = null;
  if (loading) { again = true; return; }
  const s = state(), started = performance.now(), view = VIEWS[s.view] ? s.view : "graph";
  const moment = view === "proxies" || view === "canaries" ? {} : {at: s.at, window: s.window};
  const drawn = pathOf(view) === "topology" ? {layout: s.shape === "services" ? "services" : "", boxes: s.boxes} : {};
  loading = get(pathOf(view), {...moment, ...drawn});
  try {
    const grants = view === "graph" && s.policy ? get("security", moment) : null;
    const objectives = view === "graph" ? get("slos", moment).then((answer) => answer.slos, () => null) : null;
    data[view] = await loading;
    data.grants = grants ? (await grants).unusedGrants : data.grants;
    data.objectives = objectives ? await objectives : data.objectives;
    data.key = keyOf(s);
    if (pathOf(view) === "topology") { mesh = data[view]; showCoverage(); }
    data.problem = null;
  } catch (failure) {
    data.problem = failure.status ? failure.message : null;
  } finally {
    loading = null;
  }
  loadedAt = Date.now();
  if (keyOf(state()) !== keyOf(s)) { load(); return; }
  render(null);
  banner();
  cost = performance.now() - started;
  if (again) { again = false; reload(); }
}

const keyOf = (s) => [s.view, s.at, s.window, s.shape, s.boxes, s.policy].join("|");

/** Soon, but not more often than the page can bear. */
function reload() {
  if (timer || document.hidden || !connection.up) return;
  const pause = Math.min(RELOAD_MILLIS_MAX, Math.max(RELOAD_MILLIS_MIN, cost * 8));
  timer = setTimeout(load, Math.max(0, loadedAt + pause - Date.now()));
}

// ---- what is shown

function graphOf(topology) {
  const s = state();
  return build(topology, {shape: s.shape, versions: s.versions, policy: s.policy, focus: s.focus, find: expressions.find, hide: expressions.hide, grants: data.grants});
}

function readExpressions() {
  for (const name of ["find", "hide"]) {
    try {
      expressions[name] = compile(state()[name]);
      delete expressions.problems[name];
    } catch (error) {
      // What was right last stays in force while somebody types.
      expressions.problems[name] = error.message;
    }
  }
}

function render(changed) {
  const s = state(), view = VIEWS[s.view] ? s.view : "graph";
  readExpressions();
  if (shown !== view) mount(view);
  if (view === "graph") {
    const stale = changed && (changed.has("shape") || changed.has("boxes"));
    graphView.show(data.graph && !stale && data.key === keyOf(s) ? graphOf(data.graph) : null, data.objectives, changed ?? pending);
    if (!stale && data.graph) pending = null;
    else if (stale) pending = changed;
  } else {
    table.filters.forEach((f) => f.show());
    fill(table.host, data.problem ? h("div.scroll", {}, h("div.frame", {}, h("div.none", {role: "alert"}, data.problem))) : data[view] ? TABLES[view](data[view]) : h("div.scroll", {}, h("div.none", {}, "Loading…")));
  }
}

let pending = null;

function mount(view) {
  graphView?.close();
  graphView = null; table = null; shown = view;
  for (const button of document.querySelectorAll("#views button")) {
    if (button.dataset.view === view) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
  }
  document.title = `${VIEWS[view]} · Weir`;
  document.getElementById("timeline").hidden = view === "proxies" || view === "canaries";
  if (view === "graph") { graphView = new GraphView(main, () => expressions.problems); return; }
  const all = view === "flows" ? filters(() => expressions.problems) : view === "lag" ? filters(() => expressions.problems).slice(0, 1) : [];
  table = {host: h("div.stage"), filters: all};
  fill(main, all.length ? h("div.bar", {}, all.map((f) => f.element)) : null, table.host);
}

function showCoverage() {
  const percent = mesh.coverage.percentRecords;
  const bypassed = mesh.coverage.bypassedTopics.length + mesh.coverage.bypassingGroups.length;
  fill(document.getElementById("coverage"), "Coverage ", h("b", {}, percent < 0 ? "not measured" : `${percent.toFixed(1)} %`), bypassed ? h("span.warn", {}, " ", h("i", {"aria-hidden": "true"}, "▲"), ` ${bypassed} around`) : null);
}

function banner() {
  const [text, tone] = sayBanner();
  const element = document.getElementById("banner");
  element.hidden = !text;
  element.className = tone;
  if (element.textContent !== text) element.textContent = text;
  const state = connection.up ? freshness?.state ?? "starting" : "silent";
  const {glyph, tone: color} = format.mark(connection.up ? (state === "live" ? "live" : state === "starting" ? "starting" : "warn") : "bad");
  const words = {live: "live", starting: "starting", silent: "no reports", kafkaDown: "Kafka down"};
  fill(document.getElementById("freshness"), h(`span.state.${color}`, {}, h("i", {"aria-hidden": "true"}, glyph), connection.up ? words[state] : "no connection"));
}

function sayBanner() {
  if (!connection.up) return [`No connection to Weir since ${format.clock(connection.sinceMillis)}. What you see is from ${connection.answerMillis ? format.clock(connection.answerMillis) : "before"}. Trying again.`, "bad"];
  if (data.problem) return [data.problem, ""];
  if (!freshness || freshness.state === "live") return ["", ""];
  const since = `since ${format.clock(freshness.sinceMillis)}`, detail = freshness.detail ? ` ${freshness.detail[0].toUpperCase()}${freshness.detail.slice(1)}.` : "";
  const newest = freshness.reportsMillis > 0 ? ` The newest report is from ${format.clock(freshness.reportsMillis)}.` : "";
  if (freshness.state === "kafkaDown") return [`Kafka does not answer ${since}.${newest}${detail} What you see is from then.`, "bad"];
  if (freshness.state === "silent") return [`No proxy reports ${since}.${newest}${detail}`, ""];
  return [`The topology is being restored ${since}.${detail}`, ""];
}

// ---- wiring

function theme(next) {
  document.documentElement.dataset.theme = next;
  graphView?.theme();
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input[type=text], select, textarea");
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else if (state().sel) { update({sel: ""}); if (graphView) graphView.stage.focus(); }
    else if (state().group) update({group: ""});
    else if (state().focus) update({focus: ""});
    return;
  }
  if (typing) return;
  const view = Object.keys(VIEWS)[Number(event.key) - 1];
  const field = {"/": "find", h: "hide"}[event.key];
  if (view) update({view});
  else if (event.key === "?") help();
  else if (field && document.getElementById(field)) document.getElementById(field).focus();
  else return;
  event.preventDefault();
}

function start() {
  const stored = localStorage.getItem("theme");
  theme(stored ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (e) => { if (!localStorage.getItem("theme")) theme(e.matches ? "dark" : "light"); });
  document.getElementById("theme").addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", next);
    theme(next);
  });
  document.getElementById("help").addEventListener("click", help);
  document.getElementById("coverage").addEventListener("click", () => mesh && coverage(mesh.coverage));
  fill(document.getElementById("views"), Object.entries(VIEWS).map(([view, name], i) => h("button", {type: "button", "data-view": view, title: `${name} (${i + 1})`, on: {click: () => update({view})}}, name)));
  document.addEventListener("keydown", keys);
  const showTime = timeline(document.getElementById("timeline"));
  onState((s, changed) => {
    if (changed.has("view")) announceView(s);
    showTime();
    render(changed);
    if (["view", "at", "window", "shape", "boxes", "policy"].some((key) => changed.has(key))) load();
  });
  on("change", reload);
  on("posted", load);
  on("status", (status) => { freshness = status; banner(); });
  on("connection", () => { banner(); if (connection.up) { load(); refreshStatus(); } });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) load(); });
  setInterval(reload, FADE_MILLIS);
  render(null);
  load();
  refreshStatus();
  account(document.getElementById("account")).catch(() => {});
  listen();
  if (!mesh && pathOf(state().view) !== "topology") get("topology").then((topology) => { mesh = topology; showCoverage(); }, () => {});
}

async function refreshStatus() {
  const before = freshness;
  try {
    const status = await get("status");
    // What was told meanwhile is newer.
    if (freshness === before) freshness = status;
  } catch { /* the connection says so */ }
  banner();
}

function announceView(s) {
  document.getElementById("announce").textContent = VIEWS[s.view] ?? "";
}

start();
