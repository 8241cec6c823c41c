/** Talks to the API, knows whether it is there, and comes back by itself. */

const BASE = "api/v1/";
const TIMEOUT_MILLIS = 15000;
const RETRY_MILLIS = 2000;
const POST_TIMEOUT_MILLIS = 30000;
const listeners = {change: new Set(), status: new Set(), connection: new Set(), posted: new Set()};

export const connection = {up: true, sinceMillis: Date.now(), answerMillis: 0};

export function on(event, listener) {
  listeners[event].add(listener);
}

function tell(event, value) {
  for (const listener of listeners[event]) listener(value);
}

function reached(up) {
  if (up) connection.answerMillis = Date.now();
  if (connection.up === up) return;
  connection.up = up;
  connection.sinceMillis = Date.now();
  tell("connection", connection);
}

/** An answer that is no success; what it says is for people. */
export class ApiProblem extends Error {
  constructor(problem) {
    super([problem.detail ?? problem.title, problem.found && `Found: ${problem.found}.`, problem.expected && `Expected: ${problem.expected}.`].filter(Boolean).join(" "));
    this.status = problem.status;
  }
}

/** Whether one has to be logged in here, and what one may do then. */
export const session = {needed: false, role: ""};

/** Sends somebody to log in, who comes back to what is shown now. */
function logIn() {
  location.assign(`login?to=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Ends the log-in, here and where the identity provider lets it be ended. */
export async function logOut() {
  const response = await fetch("logout", {method: "POST"});
  if (response.ok) location.assign((await response.json()).to);
}

/**
 * Gets a page of the API.
 * @param {string} path "topology"
 * @param {object} parameters empty ones are left out
 */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return ask(`${path}?${query}`, {signal: AbortSignal.timeout(TIMEOUT_MILLIS)});
}

/** Changes something, and has the page load what is so then. */
export async function post(path, body) {
  const answer = await ask(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body), signal: AbortSignal.timeout(POST_TIMEOUT_MILLIS)});
  tell("posted");
  return answer;
}

async function ask(path, options) {
  let response, body;
  try {
    response = await fetch(`${BASE}${path}`, options);
    body = await response.json();
  } catch (failure) {
    reached(false);
    throw failure;
  }
  reached(true);
  if (response.status === 401) logIn();
  if (!response.ok) throw new ApiProblem(body);
  return body;
}

/** Listens to changes for as long as the page is there. */
export function listen() {
  const source = new EventSource(`${BASE}events`);
  source.addEventListener("change", () => tell("change"));
  source.addEventListener("status", (event) => { reached(true); tell("status", JSON.parse(event.data)); });
  source.addEventListener("open", () => { reached(true); tell("change"); });
  source.addEventListener("error", () => {
    source.close();
    reached(false);
    if (session.needed) get("me").catch(() => {}); // no log-in any more looks like no connection to a stream
    setTimeout(listen, RETRY_MILLIS);
  });
}
