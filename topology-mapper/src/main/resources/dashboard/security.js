/** What a security engineer wants to see first. */

import * as format from "./format.js";
import {h} from "./dom.js";
import {badge, table} from "./tables.js";

const block = (title, lead, ...content) => h("section.block", {}, h("h2", {}, title), lead && h("p.lead", {}, lead), content);

const where = (rule, at) => [rule, at && h("div.lead", {}, at)];

function findings(all) {
  return block(`Findings (${all.length})`, null, table([{title: "About"}, {title: "Severity"}, {title: "What"}, {title: "Detail"}, {title: "Last seen"}],
    all.map((f) => [f.subject, badge(f.severity), f.kind, f.detail, format.ago(f.lastSeenMillis)]), {caption: "Findings", empty: "Nothing to mend was found."}));
}

function failedLogIns(all) {
  return block(`Failing log-ins (${all.length})`, "Who is what the client claimed to be. The same thing again is one line.",
    table([{title: "Who"}, {title: "From"}, {title: "By"}, {title: "Listener"}, {title: "Why"}, {title: "Times", number: true}, {title: "Last"}],
      all.map((f) => [f.principal || "(not named)", f.source || format.DASH, [f.mechanism || format.DASH, f.tls ? null : h("span.chip.bad", {}, "✕ plaintext")], f.listener, f.reason, format.count(f.count), format.ago(f.lastSeenMillis)]),
      {caption: "Failing log-ins", empty: "No log-in failed."}));
}

function denials(all) {
  return block(`Denied (${all.length})`, "The same thing, denied again and again, is one line. Dry-run: it passed, and would be denied when policy is enforced.",
    table([{title: "Who"}, {title: ""}, {title: "Wanted"}, {title: "On"}, {title: "Rule"}, {title: "Times", number: true}, {title: "Last"}],
      all.map((d) => [d.service || d.principal, d.dryRun ? h("span.chip.dry", {}, "◇ dry-run") : h("span.chip.bad", {}, "✕ denied"), d.operation,
        `${d.resourceType} ${d.resourceName || "(several)"}`, where(d.rule, d.ruleAt), format.count(d.count), format.ago(d.lastSeenMillis)]), {caption: "Denials", empty: "Nothing was denied."}));
}

function endedSessions(all) {
  return block(`Sessions that ended (${all.length})`, "What a client had logged in with held no more, and Weir ended its connection. The same thing again is one line.",
    table([{title: "Who"}, {title: "From"}, {title: "By"}, {title: "Listener"}, {title: "Why"}, {title: "Times", number: true}, {title: "Last"}],
      all.map((e) => [e.service || e.principal, e.source || format.DASH, e.mechanism || format.DASH, e.listener, e.reason, format.count(e.count), format.ago(e.lastSeenMillis)]),
      {caption: "Sessions that ended", empty: "Weir ended no session."}));
}

function refusedReads(all) {
  return block(`Reads that were refused (${all.length})`, "Clients that may read a topic, and were not let read on because of records that are there. The same thing again is one line.",
    table([{title: "Who"}, {title: "Client id"}, {title: "Topic"}, {title: "Why"}, {title: "Rule"}, {title: "Times", number: true}, {title: "Last"}],
      all.map((r) => [r.service || r.principal, r.clientId, r.topic || "(several)", r.reason, where(r.rule, r.ruleAt), format.count(r.count), format.ago(r.lastSeenMillis)]),
      {caption: "Reads that were refused", empty: "No read was refused."}));
}

function powers(all) {
  return block(`Admin powers (${all.length})`, "Who may change the cluster and what is in it, by AdminAccess, and how often that was used. What is never used can go.",
    table([{title: "Service"}, {title: "May"}, {title: "On"}, {title: "Rule"}, {title: "Used", number: true}, {title: "Last used"}],
      all.map((p) => [p.service, p.operations, p.resources, where(p.rule, p.ruleAt), p.used ? format.count(p.used) : h("span.chip.warn", {}, "▲ never"), format.ago(p.lastUsedMillis)]),
      {caption: "Admin powers", empty: "Policy gives nobody power over the cluster."}));
}

function unused(all) {
  return block(`Grants that nobody uses (${all.length})`, "Allowed by policy, and not used for as long as was observed. What is not needed can go.",
    table([{title: "Service"}, {title: "May"}, {title: "Topics"}, {title: "Rule"}, {title: "Where"}],
      all.map((g) => [g.service, g.operation, g.topics, g.rule, g.ruleAt]), {caption: "Unused grants", empty: "Every grant is used."}));
}

function actions(all) {
  return block(`Administration (${all.length})`, null, table([{title: "Who"}, {title: "Did"}, {title: "On"}, {title: "Times", number: true}, {title: "Last"}],
    all.map((a) => [a.service || a.principal, a.api, `${a.resourceType} ${a.resourceName}`, format.count(a.count), format.ago(a.lastSeenMillis)]), {caption: "Administrative requests", empty: "No administrative request was seen."}));
}

export function security(data) {
  return h("div.scroll", {"data-scroll": "security"}, h("h1", {}, "Security"), h("p.lead", {}, "What ought to be looked at, from what clients really do."),
    findings(data.findings), failedLogIns(data.failedLogIns), endedSessions(data.endedSessions), denials(data.denials), refusedReads(data.refusedReads), powers(data.adminPowers), actions(data.adminActions), unused(data.unusedGrants));
}
