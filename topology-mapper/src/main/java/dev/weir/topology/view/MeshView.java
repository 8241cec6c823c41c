package dev.weir.topology.view;

import java.util.List;
import java.util.Optional;

/**
 * Answers every question about the mesh. Any thread; answers at once from memory, and each answer is consistent in
 * itself. For {@link Moment}s in the past it knows what replay kept, at most 24 hours.
 */
public interface MeshView {

    /** The graph. */
    Topology topology(Moment moment);

    /** All groups, those without members too, the worst first. */
    List<GroupLag> groups(Moment moment);

    Optional<ServiceView> service(String name, Moment moment);

    /** Topics of this name; one for each cluster that has one. */
    List<TopicView> topics(String name, Moment moment);

    SecurityView security(Moment moment);

    /**
     * What happened, one by one, for as long as Kafka keeps it. This one asks Kafka, which takes its time: not for an event
     * loop.
     *
     * @throws IllegalArgumentException if {@code after} is from elsewhere
     * @throws IllegalStateException in words, while Kafka does not answer
     */
    AuditPage audit(AuditQuery query);

    /** Which topics are guarded by a schema. */
    SchemaCoverage schemas(Moment moment);

    List<SloView> slos(Moment moment);

    List<ProxyView> proxies();

    /** How far the answers can be trusted now. */
    Freshness freshness();

    /** What became of the reports that this instance read. */
    Intake intake();

    /** Told that something changed, at most a few times a second, on any thread, until it is closed. */
    AutoCloseable onChange(Runnable listener);
}
