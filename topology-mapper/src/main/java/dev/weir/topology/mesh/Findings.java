package dev.weir.topology.mesh;

import dev.weir.mesh.log.Counted;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What ought to be mended, found in the graph, the proxies and the policy. */
final class Findings {
    private static final long EXPIRES_SOON_MILLIS = Duration.ofDays(30).toMillis();
    private static final long EXPIRES_NOW_MILLIS = Duration.ofDays(7).toMillis();

    private final List<SecurityView.Finding> findings = new ArrayList<>();

    private Findings() {}

    /** In no order. */
    static List<SecurityView.Finding> of(Topology topology, List<ProxyView> proxies, long nowMillis) {
        Findings all = new Findings();
        all.ofNodes(topology);
        all.ofCoverage(topology.coverage());
        proxies.forEach(proxy -> all.ofListeners(proxy, nowMillis));
        return all.findings;
    }

    /** The worst first. */
    static void sort(List<SecurityView.Finding> findings) {
        findings.sort(Comparator.comparing(SecurityView.Finding::severity)
                .reversed()
                .thenComparing(SecurityView.Finding::kind)
                .thenComparing(SecurityView.Finding::subject));
    }

    /**
     * How bad it is that a certificate ends so soon; empty where there is time. What renews itself does so at two thirds of a
     * life, so less than a quarter is a reason to look, and less than a tenth to hurry; of long lives, a month and a week are.
     *
     * @param notBeforeMillis 0 where it is not known
     */
    static Optional<Health> severity(long notBeforeMillis, long notAfterMillis, long nowMillis) {
        long lifeMillis = notBeforeMillis > 0 ? notAfterMillis - notBeforeMillis : Long.MAX_VALUE;
        long leftMillis = notAfterMillis - nowMillis;
        if (leftMillis >= Math.min(EXPIRES_SOON_MILLIS, lifeMillis / 4)) {
            return Optional.empty();
        }
        return Optional.of(leftMillis < Math.min(EXPIRES_NOW_MILLIS, lifeMillis / 10) ? Health.BAD : Health.WARN);
    }

    /** {@code expires in 9 days}. */
    static String ends(long leftMillis) {
        if (leftMillis <= 0) {
            return "has expired";
        }
        Duration left = Duration.ofMillis(leftMillis);
        if (left.toDays() > 0) {
            return "expires in " + Counted.of(left.toDays(), "day");
        }
        return left.toHours() > 0 ? "expires in " + Counted.of(left.toHours(), "hour") : "expires within an hour";
    }

    private void ofNodes(Topology topology) {
        Map<String, Long> lastSeen = new HashMap<>();
        for (Edge edge : topology.edges()) {
            lastSeen.merge(edge.from(), edge.lastSeenMillis(), Math::max);
            lastSeen.merge(edge.to(), edge.lastSeenMillis(), Math::max);
        }
        for (Node node : topology.nodes()) {
            long seen = lastSeen.getOrDefault(node.id(), -1L);
            if (node.badges().contains("anonymous")) {
                add("anonymous", Health.BAD, node.name(), "connects without saying who it is", seen);
            } else if (node.badges().contains("no-service")) {
                add("no-service", Health.WARN, node.name(), "no Service in policy has this principal", seen);
            }
            if (node.badges().contains("plaintext")) {
                add("plaintext", Health.WARN, node.name(), "connects without encryption", seen);
            }
        }
    }

    private void ofCoverage(Coverage coverage) {
        coverage.bypassedTopics()
                .forEach(bypass -> add(
                        "bypass-producer",
                        Health.BAD,
                        bypass.cluster() + '/' + bypass.name(),
                        bypass.records() + " records were appended around the mesh",
                        bypass.lastSeenMillis()));
        coverage.bypassingGroups()
                .forEach(bypass -> add(
                        "bypass-group",
                        Health.BAD,
                        bypass.cluster() + '/' + bypass.name(),
                        "commits around the mesh",
                        bypass.lastSeenMillis()));
    }

    private void ofListeners(ProxyView proxy, long nowMillis) {
        if (proxy.state() == ProxyView.State.STOPPED) {
            return;
        }
        for (ProxyView.Listener listener : proxy.listeners()) {
            long left = listener.certificateNotAfterMillis() - nowMillis;
            if (listener.certificateNotAfterMillis() > 0) {
                severity(listener.certificateNotBeforeMillis(), listener.certificateNotAfterMillis(), nowMillis)
                        .ifPresent(severity -> add(
                                "certificate-expiring",
                                severity,
                                proxy.proxy() + '/' + listener.name(),
                                "the certificate of this listener " + ends(left),
                                proxy.lastSeenMillis()));
            }
        }
    }

    private void add(String kind, Health severity, String subject, String detail, long lastSeenMillis) {
        findings.add(new SecurityView.Finding(kind, severity, subject, detail, lastSeenMillis));
    }

    /** Grants by which no record was ever produced or consumed, as far as is known. */
    static List<SecurityView.UnusedGrant> unused(List<PolicyView.Grant> grants, Topology topology) {
        Map<String, Node> nodes = new HashMap<>();
        topology.nodes().forEach(node -> nodes.put(node.id(), node));
        return grants.stream()
                .filter(grant -> topology.edges().stream().noneMatch(edge -> uses(edge, grant, nodes)))
                .map(grant -> new SecurityView.UnusedGrant(
                        grant.rule(),
                        grant.ruleAt(),
                        grant.service(),
                        grant.operation().name(),
                        String.join(", ", grant.topics())))
                .toList();
    }

    private static boolean uses(Edge edge, PolicyView.Grant grant, Map<String, Node> nodes) {
        if (edge.operation() != grant.operation() || edge.recordsTotal() == 0) {
            return false;
        }
        boolean produce = edge.operation() == Edge.Operation.PRODUCE;
        Node client = nodes.get(produce ? edge.from() : edge.to());
        Node topic = nodes.get(produce ? edge.to() : edge.from());
        return client != null
                && topic != null
                && client.kind() == Node.Kind.SERVICE
                && client.name().equals(grant.service())
                && topic.kind() == Node.Kind.TOPIC
                && grant.topics().stream().anyMatch(pattern -> matches(pattern, topic.name()));
    }

    private static boolean matches(String pattern, String topic) {
        return pattern.endsWith("*")
                ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                : topic.equals(pattern);
    }
}
