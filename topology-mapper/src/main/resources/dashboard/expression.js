/**
 * The language of find and hide.
 *
 *   expression := and ("or" and)*
 *   and        := not (["and"] not)*
 *   not        := "not" not | "(" expression ")" | test
 *   test       := word                      the name contains it; * stands for anything
 *               | field operator value      operators: = != ~ (contains) > >= < <=
 *   value      := word | "quoted words"     numbers may have a unit: 10k 5M 30s 2m 1h 4MB
 */

export const FIELDS = {
  kind: "service, topic, principal, bypass, other or flow", name: "of a service or topic", team: "who owns it",
  cluster: "of a topic", version: "of a service", health: "ok, warn, bad or idle",
  badge: "compacted, plaintext, anonymous, bypassed, no-service", service: "of a flow", topic: "of a flow",
  group: "consumer group", operation: "produce, consume or mirror", status: "flowing, idle, denied, dryRunDenied, failing; of a mirror losing",
  mirror: "its name, of a flow from topic to topic",
  allowed: "yes, no or unknown", mechanism: "how clients authenticate", tls: "yes or no", rate: "records per second",
  bytes: "bytes per second", errors: "per second", denied: "per second", dryrun: "denials per second in dry-run",
  lag: "records", lagtime: "as 30s", p99: "latency in milliseconds",
};

const NUMBERS = new Set(["rate", "bytes", "errors", "denied", "dryrun", "lag", "lagtime", "p99"]);
const UNITS = {k: 1e3, M: 1e6, G: 1e9, kB: 1e3, MB: 1e6, GB: 1e9, B: 1, ms: 1, s: 1e3, m: 60e3, min: 60e3, h: 3600e3, "": 1};
const LENGTH_MAX = 500;

/** What is wrong with an expression, and where (a number of characters from its start). */
export class ExpressionError extends Error {
  constructor(message, at) {
    super(`${message} (at ${at + 1})`);
    this.at = at;
  }
}

/**
 * Compiles an expression.
 * @param {string} text
 * @returns {?function({get: function(string)}): boolean} null for an empty one
 * @throws {ExpressionError}
 */
export function compile(text) {
  if (text.length > LENGTH_MAX) throw new ExpressionError(`more than ${LENGTH_MAX} characters`, LENGTH_MAX);
  const tokens = tokenize(text);
  if (tokens.length === 1) return null;
  let next = 0;
  const peek = () => tokens[next];
  const isWord = (word) => peek().type === "word" && peek().text.toLowerCase() === word;

  function either() {
    const parts = [both()];
    while (isWord("or")) { next++; parts.push(both()); }
    return parts.length === 1 ? parts[0] : (e) => parts.some((part) => part(e));
  }

  function both() {
    const parts = [negated()];
    while (true) {
      if (isWord("and")) next++;
      else if (peek().type === "end" || peek().type === ")" || isWord("or")) break;
      parts.push(negated());
    }
    return parts.length === 1 ? parts[0] : (e) => parts.every((part) => part(e));
  }

  function negated() {
    if (isWord("not")) { next++; const part = negated(); return (e) => !part(e); }
    if (peek().type === "(") {
      const open = tokens[next++];
      const part = either();
      if (peek().type !== ")") throw new ExpressionError("this parenthesis is not closed", open.at);
      next++;
      return part;
    }
    return test();
  }

  function test() {
    const token = tokens[next++];
    const joins = token.type === "word" && /^(or|and)$/i.test(token.text);
    if (joins || (token.type !== "word" && token.type !== "quoted")) {
      throw new ExpressionError(token.type === "end" ? "something is missing here" : `found ${token.text}, expected a word or a field`, token.at);
    }
    if (peek().type !== "operator") return contains(token.text);
    const operator = tokens[next++];
    const value = tokens[next++];
    if (value.type !== "word" && value.type !== "quoted") throw new ExpressionError(`a value is missing after ${operator.text}`, value.at);
    return compare(token, operator, value);
  }

  const result = either();
  if (peek().type !== "end") throw new ExpressionError(`found ${peek().text}, expected nothing more`, peek().at);
  return result;
}

function tokenize(text) {
  const tokens = [];
  const pattern = /\s+|([()])|(!=|>=|<=|[=~<>])|"((?:[^"\\]|\\.)*)"|([^\s()=~<>!"]+)|(.)/gsu;
  for (const match of text.matchAll(pattern)) {
    const at = match.index;
    if (match[1]) tokens.push({type: match[1], text: match[1], at});
    else if (match[2]) tokens.push({type: "operator", text: match[2], at});
    else if (match[3] !== undefined) tokens.push({type: "quoted", text: match[3].replace(/\\(.)/gsu, "$1"), at});
    else if (match[4]) tokens.push({type: "word", text: match[4], at});
    else if (match[5]) throw new ExpressionError(match[5] === '"' ? "this quote is not closed" : `found ${match[5]}, which means nothing here`, at);
  }
  tokens.push({type: "end", text: "the end", at: text.length});
  return tokens;
}

function contains(word) {
  const matches = glob(`*${word}*`);
  return (e) => matches(e.get("name"));
}

function compare(field, operator, value) {
  const name = field.text.toLowerCase();
  if (!Object.hasOwn(FIELDS, name)) {
    throw new ExpressionError(`there is no field ${field.text}; there is ${Object.keys(FIELDS).join(", ")}`, field.at);
  }
  if (NUMBERS.has(name)) return compareNumbers(name, operator, value);
  const matches = glob(operator.text === "~" ? `*${value.text}*` : value.text);
  const any = (e) => {
    const found = e.get(name);
    return Array.isArray(found) ? found.some(matches) : matches(found);
  };
  switch (operator.text) {
    case "=": case "~": return any;
    case "!=": return (e) => e.get(name) !== undefined && !any(e);
    default: throw new ExpressionError(`${field.text} is text: use =, != or ~`, operator.at);
  }
}

function compareNumbers(name, operator, value) {
  const parts = /^(-?\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(value.text);
  if (!parts || !Object.hasOwn(UNITS, parts[2])) {
    throw new ExpressionError(`found ${value.text}, expected a number such as 100, 10k, 30s or 4MB`, value.at);
  }
  const number = Number(parts[1]) * UNITS[parts[2]];
  const test = {
    "=": (n) => n === number, "!=": (n) => n !== number, ">": (n) => n > number,
    ">=": (n) => n >= number, "<": (n) => n < number, "<=": (n) => n <= number,
  }[operator.text];
  if (!test) throw new ExpressionError(`${name} is a number: use =, !=, >, >=, < or <=`, operator.at);
  return (e) => { const found = e.get(name); return found !== undefined && found >= 0 && test(found); };
}

/** Text with * for anything, whatever the case. Each star costs one search from left to right, no backtracking. */
function glob(pattern) {
  const parts = pattern.toLowerCase().split("*");
  return (text) => {
    if (text === undefined || text === null) return false;
    const t = String(text).toLowerCase();
    if (parts.length === 1) return t === parts[0];
    if (!t.startsWith(parts[0])) return false;
    let from = parts[0].length;
    for (const part of parts.slice(1, -1)) {
      const at = t.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    const last = parts[parts.length - 1];
    return t.length - last.length >= from && t.endsWith(last);
  };
}
