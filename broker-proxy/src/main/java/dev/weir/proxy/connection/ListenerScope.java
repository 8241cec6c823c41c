package dev.weir.proxy.connection;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authenticate.Authentication;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import dev.weir.proxy.upstream.UpstreamCredentials;
import dev.weir.proxy.wire.AddressMap;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * What all connections of one listener have in common. Immutable; any thread.
 *
 * @param config the listener's configuration
 * @param cluster the cluster behind it
 * @param policy the snapshot in force now
 * @param addresses where clients of this listener reach each broker
 * @param authentication how clients prove who they are
 * @param upstream with which credentials clients come to brokers
 * @param telemetry where to tell what happens
 * @param protocol programs and versions, the same for all listeners
 * @param log the log for what clients do wrong
 */
public record ListenerScope(
        ListenerConfig config,
        Cluster cluster,
        Supplier<PolicySnapshot> policy,
        AddressMap addresses,
        Authentication authentication,
        UpstreamCredentials upstream,
        ProxyTelemetry telemetry,
        Protocol protocol,
        RateLimitedLog log) {

    public static ListenerScope of(
            ListenerConfig config,
            Cluster cluster,
            Supplier<PolicySnapshot> policy,
            AddressMap addresses,
            Authentication authentication,
            UpstreamCredentials upstream,
            ProxyTelemetry telemetry,
            Protocol protocol) {
        return new ListenerScope(
                config,
                cluster,
                policy,
                addresses,
                authentication,
                upstream,
                telemetry,
                protocol,
                new RateLimitedLog(LoggerFactory.getLogger(Connection.class)));
    }

    String name() {
        return config.name();
    }

    ListenerMetrics metrics() {
        return telemetry.metrics().listener(config.name());
    }
}
