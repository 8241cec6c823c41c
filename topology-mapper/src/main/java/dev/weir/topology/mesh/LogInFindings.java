package dev.weir.topology.mesh;

import dev.weir.topology.security.ClientCertificate;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.SecurityView.FailedLogIn;
import dev.weir.topology.view.SecurityView.Finding;
import dev.weir.topology.view.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What ought to be mended in how clients prove who they are. */
final class LogInFindings {
    private static final Set<String> WEAK = Set.of("PLAIN", "NONE", "");
    private static final long RECENT_MILLIS = Duration.ofHours(1).toMillis();
    private static final long FAILURES_MIN = 10;
    private static final long FAILURES_MANY = 1_000;

    private final List<Finding> findings;

    private LogInFindings(List<Finding> others) {
        this.findings = new ArrayList<>(others);
    }

    /** With what else was found, the worst first. */
    static List<Finding> with(
            List<Finding> others,
            Topology topology,
            List<FailedLogIn> failed,
            List<ClientCertificate> certificates,
            long nowMillis) {
        LogInFindings all = new LogInFindings(others);
        all.weak(topology);
        all.failing(failed, nowMillis);
        certificates.forEach(certificate -> all.expiring(certificate, nowMillis));
        Findings.sort(all.findings);
        return all.findings;
    }

    /** Services whose clients, all of them, prove who they are by a password that they send, or by nothing. */
    private void weak(Topology topology) {
        Map<String, Set<String>> mechanisms = new HashMap<>();
        Map<String, Long> lastSeen = new HashMap<>();
        for (Edge edge : topology.edges()) {
            String client = edge.operation() == Edge.Operation.PRODUCE ? edge.from() : edge.to();
            mechanisms.computeIfAbsent(client, absent -> new HashSet<>()).add(edge.mechanism());
            lastSeen.merge(client, edge.lastSeenMillis(), Math::max);
        }
        for (Node node : topology.nodes()) {
            Set<String> seen = mechanisms.getOrDefault(node.id(), Set.of());
            if (node.kind() == Node.Kind.SERVICE && seen.contains("PLAIN") && WEAK.containsAll(seen)) {
                findings.add(new Finding(
                        "weak-authentication",
                        Health.WARN,
                        node.name(),
                        "authenticates by nothing stronger than PLAIN, which sends its password each time",
                        lastSeen.getOrDefault(node.id(), -1L)));
            }
        }
    }

    private void failing(List<FailedLogIn> failed, long nowMillis) {
        Map<String, Long> counts = new HashMap<>();
        Map<String, Long> lastSeen = new HashMap<>();
        for (FailedLogIn each : failed) {
            if (each.lastSeenMillis() >= nowMillis - RECENT_MILLIS) {
                String who = each.principal().isEmpty() ? each.listener() + " (names unknown)" : each.principal();
                counts.merge(who, each.count(), Long::sum);
                lastSeen.merge(who, each.lastSeenMillis(), Math::max);
            }
        }
        counts.forEach((who, count) -> {
            if (count >= FAILURES_MIN) {
                findings.add(new Finding(
                        "log-ins-failing",
                        count >= FAILURES_MANY ? Health.BAD : Health.WARN,
                        who,
                        "cannot log in: " + count + " failures, the last within the hour",
                        lastSeen.getOrDefault(who, -1L)));
            }
        });
    }

    private void expiring(ClientCertificate certificate, long nowMillis) {
        long left = certificate.notAfterMillis() - nowMillis;
        Findings.severity(certificate.notBeforeMillis(), certificate.notAfterMillis(), nowMillis)
                .ifPresent(severity -> findings.add(new Finding(
                        "certificate-expiring",
                        severity,
                        certificate.who(),
                        "the certificate of this client " + Findings.ends(left),
                        certificate.lastSeenMillis())));
    }
}
