package dev.weir.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A status report for people. */
final class StatusText {
    private final PrintWriter out;
    private final Instant now;

    /**
     * Prints there.
     *
     * @param now what times until an end are counted from
     */
    StatusText(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    void print(String url, JsonNode status) {
        out.printf(
                "Weir %s at %s, %s, since %s%n",
                text(status, "version"),
                url,
                status.path("ready").asBoolean() ? "ready" : "NOT READY",
                text(status, "startedAt"));
        status.path("unready").forEach(reason -> out.println("  not ready: " + reason.asText()));
        policy(status.path("policy"));
        status.path("clusters").forEach(this::cluster);
        status.path("listeners").forEach(this::listener);
        if (!status.path("certificates").isEmpty()) {
            out.println("certificates");
            status.path("certificates").forEach(this::certificate);
        }
        secrets(status.path("secrets"));
        signing(status.path("signing"));
        status.path("schemaRegistries").forEach(this::schemaRegistry);
        status.path("faults").forEach(this::fault);
        status.path("quotas").forEach(this::quota);
        status.path("mirrors").forEach(this::mirror);
        status.path("canaries").forEach(this::canary);
        JsonNode errors = status.path("recentErrors");
        if (!errors.isEmpty()) {
            out.println("last warnings and errors");
            errors.forEach(error ->
                    out.println("  " + text(error, "at") + " " + text(error, "level") + " " + text(error, "message")));
        }
    }

    private void policy(JsonNode policy) {
        out.println("policy from " + text(policy, "source"));
        if (policy.has("revision")) {
            out.println("  in force: " + text(policy, "revision") + " since " + text(policy, "since"));
        } else {
            out.println("  none in force: everything is denied");
        }
        if (policy.has("lastError")) {
            text(policy, "lastError").lines().forEach(line -> out.println("  refused: " + line));
        }
    }

    private void cluster(JsonNode cluster) {
        out.println("cluster " + text(cluster, "name") + ": " + brokers(cluster));
        if (cluster.has("lastError")) {
            out.println("  " + text(cluster, "lastError"));
        }
        problems(cluster);
    }

    private void certificate(JsonNode certificate) {
        String owner = certificate.has("listener")
                ? "listener " + text(certificate, "listener")
                : "cluster " + text(certificate, "cluster");
        out.printf(
                "  %s, %s: %s, %s%n",
                owner, text(certificate, "role"), text(certificate, "subject"), ends(text(certificate, "expiresAt")));
    }

    private void secrets(JsonNode secrets) {
        if (secrets.isMissingNode()) {
            return;
        }
        String until = secrets.has("logInUntil") ? ", which " + ends(text(secrets, "logInUntil")) : "";
        out.println("secrets from " + text(secrets, "source") + ", log-in by " + text(secrets, "logIn") + until);
        for (JsonNode item : secrets.path("items")) {
            out.printf(
                    "  %s: had at %s%s, asked for again at %s%n",
                    text(item, "name"),
                    text(item, "fetchedAt"),
                    item.has("until") ? ", " + ends(text(item, "until")) : "",
                    text(item, "next"));
            if (item.has("lastError")) {
                out.printf("    failed %d times: %s%n", item.path("failures").asLong(), text(item, "lastError"));
            }
        }
    }

    private void signing(JsonNode signing) {
        if (!signing.isMissingNode()) {
            out.println("records are " + (signing.path("signs").asBoolean() ? "signed and verified" : "verified")
                    + " where policy says so");
            problems(signing);
        }
    }

    private void problems(JsonNode owner) {
        owner.path("problems").forEach(problem -> out.println("  problem: " + problem.asText()));
    }

    private String ends(String at) {
        Duration left = Duration.between(now, Instant.parse(at));
        if (left.isNegative()) {
            return "HAS ENDED at " + at;
        }
        return "ends at " + at + ", in " + rounded(left);
    }

    private static String rounded(Duration left) {
        if (left.toDays() > 1) {
            return left.toDays() + " d";
        }
        if (left.toHours() > 1) {
            return left.toHours() + " h";
        }
        return left.toMinutes() > 0 ? left.toMinutes() + " min" : left.toSeconds() + " s";
    }

    private void schemaRegistry(JsonNode registry) {
        out.println("schema registry " + text(registry, "name")
                + (registry.has("url") ? " at " + text(registry, "url") : ""));
        if (registry.has("url")) {
            out.printf(
                    "  lookups %d known, %d asked for; %d wait now; %d failures%n",
                    registry.path("hits").asLong(),
                    registry.path("misses").asLong(),
                    registry.path("waiting").asLong(),
                    registry.path("failures").asLong());
        }
        if (registry.has("lastError")) {
            out.println("  " + text(registry, "lastError"));
        }
        problems(registry);
    }

    private void mirror(JsonNode mirror) {
        out.println("mirror " + text(mirror, "name")
                + (mirror.has("to") ? " to " + text(mirror, "to") : ", which policy has no more"));
        out.printf(
                "  records: %d eligible = %d mirrored + %d dropped + %d failed + %d in flight; %d of transactions refused%n",
                records(mirror, "eligible"),
                records(mirror, "mirrored"),
                records(mirror, "dropped"),
                records(mirror, "failed"),
                records(mirror, "inFlight"),
                records(mirror, "refused"));
        if (mirror.path("untold").asBoolean()) {
            out.println("  of so many topics that the map cannot show all, and that no topic of the cluster is searched"
                    + " for records that came around Weir");
        }
        if (mirror.has("lastError")) {
            out.println("  " + (mirror.has("lastErrorAt") ? text(mirror, "lastErrorAt") + ": " : "")
                    + text(mirror, "lastError"));
        }
    }

    private void fault(JsonNode fault) {
        if (fault.has("what")) {
            boolean dry = text(fault, "mode").equals("dry-run");
            out.println((dry ? "fault in dry-run " : "FAULT ON PURPOSE ") + text(fault, "name") + ": "
                    + text(fault, "what") + " (" + text(fault, "at") + ")");
        } else {
            out.println("fault " + text(fault, "name") + ", which policy has no more");
        }
        out.printf(
                "  requests: %d hit, %d would have been, %d spared%n",
                fault.path("injected").asLong(),
                fault.path("dryRun").asLong(),
                fault.path("spared").asLong());
    }

    private void quota(JsonNode quota) {
        List<String> limits = new ArrayList<>();
        for (String limit : List.of("produceBytes", "fetchBytes", "requests")) {
            if (quota.has(limit)) {
                JsonNode of = quota.path(limit);
                limits.add("%s %d a second, %d so far"
                        .formatted(
                                limit,
                                of.path("perSecond").asLong(),
                                of.path("used").asLong()));
            }
        }
        out.printf(
                "quota %s of %s%s (%s): %s%n",
                text(quota, "name"),
                text(quota, "service"),
                text(quota, "mode").equals("dry-run") ? " in dry-run" : "",
                text(quota, "at"),
                String.join("; ", limits));
        out.printf(
                "  requests: %d throttled, for %d ms in all; %d would have been%n",
                quota.path("throttled").asLong(),
                quota.path("throttledMillis").asLong(),
                quota.path("dryRun").asLong());
    }

    private static long records(JsonNode mirror, String what) {
        return mirror.path(what).path("records").asLong();
    }

    private void canary(JsonNode canary) {
        out.printf(
                "canary %s: %s, weight %s, epoch %d%s%n",
                text(canary, "name"),
                text(canary, "state"),
                text(canary, "weight"),
                canary.path("epoch").asLong(),
                canary.has("changingTo") ? ", changes to " + text(canary, "changingTo") : "");
        canary.path("waitingFor").forEach(proxy -> out.println("  a change waits for proxy " + proxy.asText()));
        canary.path("left")
                .forEach(left -> out.printf(
                        "  %s-%d: %s has at most %d records left before %d%n",
                        text(left, "topic"),
                        left.path("partition").asInt(),
                        text(left, "side"),
                        left.path("recordsMax").asLong(),
                        left.path("fence").asLong()));
        if (canary.has("problem")) {
            out.println("  problem: " + text(canary, "problem"));
        }
    }

    private void listener(JsonNode listener) {
        out.printf(
                "listener %s at %s (cluster %s%s%s)%n",
                text(listener, "name"),
                text(listener, "bootstrap"),
                text(listener, "cluster"),
                listener.path("tls").asBoolean() ? ", TLS" : ", no TLS",
                listener.path("sasl").asBoolean() ? ", SASL" : "");
        out.println("  brokers at " + brokers(listener));
        out.printf(
                "  connections %d open, %d accepted, %d refused; requests %d, in flight %d; bytes up %d, down %d%n",
                listener.path("connectionsOpen").asLong(),
                listener.path("connectionsAccepted").asLong(),
                listener.path("connectionsRefused").asLong(),
                listener.path("requests").asLong(),
                listener.path("requestsInFlight").asLong(),
                listener.path("bytesUp").asLong(),
                listener.path("bytesDown").asLong());
        out.printf(
                "  denied %d, denied in dry-run %d; malformed frames %d%n",
                listener.path("denials").asLong(),
                listener.path("dryRunDenials").asLong(),
                listener.path("framesMalformed").asLong());
        problems(listener);
    }

    private static String brokers(JsonNode owner) {
        List<String> brokers = new ArrayList<>();
        owner.path("brokers")
                .forEach(broker -> brokers.add(
                        text(broker, "address") + " (" + broker.path("nodeId").asInt() + ")"));
        return brokers.isEmpty() ? "no broker is known" : String.join(", ", brokers);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText();
    }
}
