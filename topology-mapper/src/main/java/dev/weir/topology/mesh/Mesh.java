package dev.weir.topology.mesh;

import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.ServiceView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Every answer, from what the features keep in memory. */
public final class Mesh implements MeshView {
    private final ViewTable table;
    private final BooleanSupplier streamRuns;
    private final LagAnswers lag;
    private final PolicyView policy;
    private final Clock clock;

    public Mesh(ViewTable table, BooleanSupplier streamRuns, LagAnswers lag, PolicyView policy, Clock clock) {
        this.table = table;
        this.streamRuns = streamRuns;
        this.lag = lag;
        this.policy = policy;
        this.clock = clock;
    }

    @Override
    public Topology topology(Moment moment) {
        return table.read(() -> {
            long now = clock.millis();
            return new Topology(
                    moment.at().orElse(now),
                    moment.windowMillis(),
                    moment.at().isPresent(),
                    List.of(),
                    List.of(),
                    0,
                    lag.coverage(moment, now));
        });
    }

    @Override
    public List<GroupLag> groups(Moment moment) {
        return table.read(() -> lag.groups(moment, clock.millis()));
    }

    @Override
    public Optional<ServiceView> service(String name, Moment moment) {
        return Optional.empty();
    }

    @Override
    public List<TopicView> topics(String name, Moment moment) {
        return List.of();
    }

    @Override
    public SecurityView security(Moment moment) {
        return new SecurityView(List.of(), List.of(), List.of(), List.of());
    }

    @Override
    public List<SloView> slos(Moment moment) {
        return table.read(() -> lag.slos(policy.objectives(), moment, clock.millis()));
    }

    @Override
    public List<ProxyView> proxies() {
        return List.of();
    }

    @Override
    public Freshness freshness() {
        ViewTable.Status status = table.status();
        return switch (status.state()) {
            case KAFKA_DOWN ->
                new Freshness(Freshness.State.KAFKA_DOWN, status.sinceMillis(), -1, "Kafka does not answer");
            case STARTING ->
                new Freshness(Freshness.State.STARTING, status.sinceMillis(), -1, "reading what was known before");
            case READ ->
                streamRuns.getAsBoolean()
                        ? new Freshness(Freshness.State.SILENT, status.sinceMillis(), -1, "no proxy has reported")
                        : new Freshness(Freshness.State.STARTING, status.sinceMillis(), -1, "restoring state");
        };
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return table.onChange(listener);
    }
}
