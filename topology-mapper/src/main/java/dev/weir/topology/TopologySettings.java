package dev.weir.topology;

import dev.weir.topology.coverage.CoverageSettings;
import dev.weir.topology.progress.LagSettings;
import dev.weir.topology.view.PolicyView;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * How a topology runs.
 *
 * @param client how Kafka is reached: {@code bootstrap.servers} and security, as kafka-clients' properties
 * @param applicationId the same for all instances of one mesh; begins with {@code _weir-}
 * @param instance unique among them; a stable name lets an instance that was restarted go on at once
 * @param stateDir a directory that no other instance uses; holds nothing that is missed when it is lost
 * @param policy asked whenever a question is answered
 * @param limits what the topology tells apart at most
 * @param lag how groups are judged, and limits of that
 * @param coverage which clusters' brokers are asked what the mesh did not see; none unless told
 */
public record TopologySettings(
        Map<String, String> client,
        String applicationId,
        String instance,
        Path stateDir,
        PolicyView policy,
        Limits limits,
        LagSettings lag,
        CoverageSettings coverage,
        Clock clock) {
    public static final String APPLICATION_ID = "_weir-topology-mapper";

    public TopologySettings {
        client = Map.copyOf(client);
    }

    /** The usual, without policy. */
    public static TopologySettings of(String bootstrap, String instance, Path stateDir) {
        return new TopologySettings(
                Map.of("bootstrap.servers", bootstrap),
                APPLICATION_ID,
                instance,
                stateDir,
                PolicyView.NONE,
                Limits.DEFAULT,
                LagSettings.DEFAULT,
                CoverageSettings.NONE,
                Clock.systemUTC());
    }

    public TopologySettings withPolicy(PolicyView other) {
        return new TopologySettings(client, applicationId, instance, stateDir, other, limits, lag, coverage, clock);
    }

    public TopologySettings withLimits(Limits other) {
        return new TopologySettings(client, applicationId, instance, stateDir, policy, other, lag, coverage, clock);
    }

    public TopologySettings withLag(LagSettings other) {
        return new TopologySettings(client, applicationId, instance, stateDir, policy, limits, other, coverage, clock);
    }

    public TopologySettings withCoverage(CoverageSettings other) {
        return new TopologySettings(client, applicationId, instance, stateDir, policy, limits, lag, other, clock);
    }

    /** What is above a limit is counted in {@code other}, and visible there. */
    public record Limits(int edges, int services, int topics) {
        public static final Limits DEFAULT = new Limits(10_000, 2_000, 5_000);
    }
}
