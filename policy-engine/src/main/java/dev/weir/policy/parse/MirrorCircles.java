package dev.weir.policy.parse;

import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.Mirror;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.yaml.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds mirrors whose copies would come by themselves again. Weir does not mirror its own copies, but what another program
 * writes to a mirror would go round, and another Weir in front of the other cluster would send it back.
 *
 * <p>It follows one topic of each pattern from cluster to cluster. That is enough: a name that is not the same all over only grows on its
 * way, by the parts of the targets' names, so that what comes round is one document's twice, or ends in a name that is written out.
 */
final class MirrorCircles {
    /** Makes of a prefix a name that nobody has written. */
    private static final String ANY_END = "\0";

    private static final String ANY_CLUSTER = "";

    private final List<Mirror> mirrors;
    private final Problems problems;
    private final TopicTable<Mirror> table;

    MirrorCircles(List<Mirror> mirrors, Problems problems) {
        this.mirrors = mirrors;
        this.problems = problems;
        Map<String, Mirror> literals = new HashMap<>();
        Map<String, Mirror> prefixes = new HashMap<>();
        for (Mirror mirror : mirrors) {
            mirror.topics().forEach(topic -> (topic.prefix() ? prefixes : literals).putIfAbsent(topic.text(), mirror));
        }
        this.table = TopicTable.of(literals, prefixes);
    }

    void check() {
        Set<String> clusters = new TreeSet<>(Set.of(ANY_CLUSTER));
        mirrors.stream()
                .map(mirror -> mirror.target().cluster())
                .filter(Objects::nonNull)
                .forEach(clusters::add);
        for (Mirror mirror : mirrors) {
            mirror.topics().stream()
                    .filter(topic -> clusters.stream().anyMatch(cluster -> comesBack(mirror, topic, cluster)))
                    .findFirst()
                    .ifPresent(topic -> problems.add(
                            mirror.at(),
                            "records of " + topic + " would be mirrored onto themselves, or in a circle",
                            "to: " + mirror.target().topic(),
                            "a topic whose own mirrors lead elsewhere"));
        }
    }

    private boolean comesBack(Mirror first, NamePattern pattern, String cluster) {
        String topic = pattern.prefix() ? pattern.text() + ANY_END : pattern.text();
        String at = cluster;
        List<Mirror> seen = new ArrayList<>();
        for (Mirror next = first; next != null && next.target().isFrom(at); next = table.find(topic)) {
            if (seen.contains(next)) {
                return true;
            }
            seen.add(next);
            topic = next.target().topicOf(topic);
            String to = next.target().cluster();
            at = to == null ? at : to;
        }
        return false;
    }
}
