package dev.weir.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A status report for people. */
final class StatusText {
    private final PrintWriter out;

    StatusText(PrintWriter out) {
        this.out = out;
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
