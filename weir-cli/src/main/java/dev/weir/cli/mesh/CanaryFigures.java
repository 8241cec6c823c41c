package dev.weir.cli.mesh;

import dev.weir.canary.Side;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.rollout.Figure;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.ClientSelector;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Topology;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How the versions of a canary do, by what the topology has seen. What it has not seen is not known: no figure is guessed.
 *
 * @param topology flows of the time that is looked at
 * @param groups lag now
 * @param states what the log says of canaries, by name
 */
record CanaryFigures(Topology topology, List<GroupLag> groups, Map<String, CanaryState> states) {
    /** As the client libraries that are used most name them unless told otherwise. */
    private static final Pattern DEAD_LETTERS = Pattern.compile("(.*[-._])?(dlt|dlq|dead[-_.]?letters?)([-._].*)?");

    private static final double UNKNOWN = -1;

    static boolean isDeadLetters(String topic) {
        return DEAD_LETTERS.matcher(topic.toLowerCase(Locale.ROOT)).matches();
    }

    /**
     * One version.
     *
     * @param sinceMillis when its phase began: rebalances are counted from then on, up to an hour back, and nothing that it was given since is older
     */
    CanaryView.Version version(CanaryPolicy policy, Side side, long sinceMillis) {
        ClientSelector clients = selector(policy, side);
        List<GroupLag> of = groups.stream()
                .filter(group -> group.group().equals(policy.scope().group(side)))
                .map(group -> own(group, policy, side, sinceMillis))
                .toList();
        List<Edge> read = read(policy, side);
        List<Edge> written = written(clients);
        return new CanaryView.Version(
                clients.service(),
                clients.version().map(version -> "version " + version).orElse("by client id"),
                policy.scope().group(side),
                of.stream().mapToInt(group -> group.members().size()).sum(),
                read.stream().mapToDouble(Edge::recordsPerSecond).sum(),
                of.stream().mapToLong(GroupLag::lagRecords).max().orElse(-1),
                of.stream().mapToLong(GroupLag::lagMillis).max().orElse(-1),
                errorShare(read, written),
                deadLetterShare(read, written),
                of.stream().mapToLong(CanaryFigures::processing).max().orElse(-1),
                of.stream()
                        .mapToInt(group -> SettledRebalances.count(group.rebalances(), sinceMillis, topology.at()))
                        .max()
                        .orElse(-1));
    }

    private GroupLag own(GroupLag group, CanaryPolicy policy, Side side, long sinceMillis) {
        CanaryState state = states.get(policy.name());
        return state == null ? group : OwnLag.of(group, state, side, Math.max(0, topology.at() - sinceMillis));
    }

    /** Records that a version got in the time that is looked at. */
    long records(CanaryPolicy policy, Side side) {
        return read(policy, side).stream().mapToLong(Edge::records).sum();
    }

    /** Records that a version ever got, as far as the topology knows. */
    long recordsTotal(CanaryPolicy policy, Side side) {
        return read(policy, side).stream().mapToLong(Edge::recordsTotal).sum();
    }

    /** The figures that are known, as gates look at them. */
    static Map<Figure, Double> known(CanaryView.Version version) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.TIME_LAG, (double) version.lagMillis());
        figures.put(Figure.ERROR_SHARE, version.errorShare());
        figures.put(Figure.DEAD_LETTER_SHARE, version.deadLetterShare());
        figures.put(Figure.PROCESSING_TIME, version.processingMillis());
        figures.put(Figure.REBALANCES, (double) version.rebalances());
        figures.values().removeIf(value -> value < 0);
        return figures;
    }

    private List<Edge> read(CanaryPolicy policy, Side side) {
        ClientSelector clients = selector(policy, side);
        return topology.edges().stream()
                .filter(edge -> edge.operation() == Edge.Operation.CONSUME)
                .filter(edge ->
                        edge.to().equals(node(clients)) && policy.topics().contains(topic(edge.from())))
                .filter(edge -> clients.version().isPresent()
                        ? edge.version().equals(clients.version().get())
                        : edge.group().equals(policy.scope().group(side)))
                .toList();
    }

    /** What a version writes; nothing is known of clients that are told apart by client ids alone. */
    private List<Edge> written(ClientSelector clients) {
        return topology.edges().stream()
                .filter(edge -> edge.operation() == Edge.Operation.PRODUCE)
                .filter(edge -> edge.from().equals(node(clients)))
                .filter(edge -> clients.version().filter(edge.version()::equals).isPresent())
                .toList();
    }

    private static ClientSelector selector(CanaryPolicy policy, Side side) {
        return side == Side.STABLE ? policy.stable() : policy.canary();
    }

    private static String node(ClientSelector clients) {
        return "service:" + clients.service();
    }

    private static String topic(String node) {
        return node.substring(node.indexOf('/') + 1);
    }

    private static double errorShare(List<Edge> read, List<Edge> written) {
        long errors = errors(read) + errors(written);
        long all = errors + records(read) + records(written);
        return all == 0 ? UNKNOWN : errors / (double) all;
    }

    /** Of what it read: what it wrote to a topic for dead letters, and what it wrote that is not what a schema of policy says. */
    private static double deadLetterShare(List<Edge> read, List<Edge> written) {
        long records = records(read);
        long dead = 0;
        for (Edge edge : written) {
            dead += isDeadLetters(topic(edge.to()))
                    ? edge.records()
                    : edge.checked().invalid();
        }
        return records == 0 || written.isEmpty() ? UNKNOWN : Math.min(1, dead / (double) records);
    }

    private static long errors(List<Edge> edges) {
        return edges.stream()
                .flatMap(edge -> edge.errors().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long records(List<Edge> edges) {
        return edges.stream().mapToLong(Edge::records).sum();
    }

    /** How long the oldest record that was handed to the group and is not committed has been so: in its slowest partition. */
    private static long processing(GroupLag group) {
        return group.partitions().stream()
                .mapToLong(CanaryFigures::processing)
                .max()
                .orElse(-1);
    }

    /** Proxies tell it of canaries. Of others it follows from the ages of two records, of which one waits until the other is handed over. */
    private static long processing(GroupLag.PartitionLag partition) {
        if (partition.givenMillis() >= 0) {
            return partition.givenMillis();
        }
        return partition.lagMillis() >= 0 && partition.fetchLagMillis() >= 0
                ? Math.max(0, partition.lagMillis() - partition.fetchLagMillis())
                : -1;
    }
}
