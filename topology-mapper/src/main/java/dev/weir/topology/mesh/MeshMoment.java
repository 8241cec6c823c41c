package dev.weir.topology.mesh;

import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The mesh at one moment: each answer is made when somebody first asks for it, under the table's read lock, and is the same
 * for all who ask after that. Those who ask meanwhile wait for it. Any thread.
 */
final class MeshMoment {
    /** Groups know no window: all moments of one time have the groups of this one. */
    private final MeshMoment ofGroups;

    private final Mesh.Sources sources;
    private final Mesh.Reading reading;
    private final Moment moment;
    private final long nowMillis;

    private @Nullable Topology topology;
    private @Nullable List<GroupLag> groups;
    private @Nullable List<SloView> slos;

    /**
     * @param ofGroups the moment of the same time whose groups are to be shown; null for this one
     * @param nowMillis when it is asked, as a moment without a time means it
     */
    MeshMoment(
            Mesh.Sources sources, Mesh.Reading reading, Moment moment, long nowMillis, @Nullable MeshMoment ofGroups) {
        this.sources = sources;
        this.reading = reading;
        this.moment = moment;
        this.nowMillis = nowMillis;
        this.ofGroups = ofGroups == null ? this : ofGroups;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** All groups, the worst first. */
    List<GroupLag> groups() {
        return ofGroups.ownGroups();
    }

    private synchronized List<GroupLag> ownGroups() {
        List<GroupLag> made = groups;
        if (made == null) {
            made = List.copyOf(reading.read(() -> sources.lag().groups(moment, nowMillis)));
            groups = made;
        }
        return made;
    }

    synchronized List<SloView> slos() {
        List<SloView> made = slos;
        if (made == null) {
            made = List.copyOf(
                    reading.read(() -> sources.lag().slos(sources.policy().objectives(), moment, nowMillis)));
            slos = made;
        }
        return made;
    }

    synchronized Topology topology() {
        Topology made = topology;
        if (made == null) {
            List<GroupLag> known = groups();
            made = reading.read(() -> graph(known));
            topology = made;
        }
        return made;
    }

    /** Whether clients reach a cluster through the mesh. Before any proxy has told, any may be one. To be asked under the table's read lock. */
    static Predicate<String> isMeshs(Mesh.Sources sources) {
        Set<String> clusters = sources.proxies().clusters();
        return clusters.isEmpty() ? any -> true : clusters::contains;
    }

    private Topology graph(List<GroupLag> known) {
        EdgeViews views = new EdgeViews(known, sources.policy());
        Graph graph = new Graph(
                sources.policy(),
                isMeshs(sources),
                (cluster, topic) -> sources.lag().partitions(cluster, topic, moment, nowMillis).stream()
                        .anyMatch(TopicView.Partition::compacted));
        EdgeViews.inGroups(sources.edges().sums(moment, nowMillis), sources.memberships())
                .forEach(sum -> graph.add(views.view(sum)));
        sources.mirrors().sums(moment, nowMillis).forEach(graph::add);
        Coverage coverage = sources.lag()
                .coverage(moment, nowMillis)
                .without(sources.mirrors().leadAnywhereIn(nowMillis));
        graph.add(coverage);
        return new Topology(
                moment.at().orElse(nowMillis),
                moment.windowMillis(),
                moment.at().isPresent(),
                graph.nodes(),
                List.copyOf(graph.edges()),
                graph.others(),
                coverage,
                graph.mirrors());
    }
}
