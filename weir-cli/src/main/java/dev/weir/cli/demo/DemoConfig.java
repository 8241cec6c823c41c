package dev.weir.cli.demo;

import dev.weir.cli.config.PolicySettings;
import dev.weir.cli.config.ReportsConfig;
import dev.weir.cli.config.TopologyConfig;
import dev.weir.cli.config.WeirConfig;
import dev.weir.policy.source.git.GitSettings;
import dev.weir.proxy.config.AuditConfig;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ProxyConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the demo's {@code weir.yaml} would say. */
final class DemoConfig {
    static final String HOST = "127.0.0.1";

    static final String CLUSTER = "demo";
    private static final Duration POLL = Duration.ofMillis(250);

    private DemoConfig() {}

    static WeirConfig of(DemoSettings settings, String kafka, DemoRepository repository, DemoIdentities identities) {
        int colon = kafka.lastIndexOf(':');
        Endpoint broker = new Endpoint(kafka.substring(0, colon), Integer.parseInt(kafka.substring(colon + 1)));
        ClusterConfig cluster = new ClusterConfig(CLUSTER, List.of(broker), null, null);
        List<ListenerConfig> listeners = Arrays.stream(Door.values())
                .map(door -> listener(door, settings.port(), identities))
                .toList();
        GitSettings git = GitSettings.of(repository.folder().toUri().toString(), "main", "")
                .withPoll(POLL);
        return new WeirConfig(
                new ProxyConfig(List.of(cluster), listeners),
                new PolicySettings.Git(git),
                new Endpoint(HOST, settings.adminPort()),
                new ReportsConfig(cluster, Optional.of("demo")),
                new TopologyConfig(
                        cluster, List.of(cluster), new Endpoint(HOST, settings.topologyPort()), Optional.empty(), null),
                null,
                AuditConfig.NONE,
                null);
    }

    /** @param first the first of all ports; 0 for any free ones */
    private static ListenerConfig listener(Door door, int first, DemoIdentities identities) {
        int port = first == 0 ? 0 : first + door.portOffset();
        return new ListenerConfig(
                door.listener(),
                CLUSTER,
                new Endpoint(HOST, port),
                HOST,
                port == 0 ? BrokerPorts.ANY : new BrokerPorts(port + 1, 1, 1),
                identities.tls(door),
                identities.sasl(door),
                ListenerLimits.DEFAULT);
    }
}
