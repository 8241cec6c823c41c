package dev.weir.cli.config;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.BrokerAddressing;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads one element of {@code listeners}. */
final class ListenerReader {
    private static final Endpoint PLACEHOLDER = new Endpoint("127.0.0.1", 0);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> clusters;
    private final ReferencedFiles files;
    private final PortPlan ports;
    private final Problems problems;
    private final ListenerSecurityReader security;

    ListenerReader(List<String> clusters, ReferencedFiles files, PortPlan ports) {
        this.clusters = clusters;
        this.files = files;
        this.ports = ports;
        this.problems = files.problems();
        this.security = new ListenerSecurityReader(files);
    }

    ListenerConfig read(YamlObject listener) {
        Text name = listener.requiredText("name");
        Names.check(name, files.problems());
        Endpoint bind = bind(listener);
        String what = "listener \"" + name.value() + "\"";
        ports.add(bind, what, listener.at("bind"));
        Optional<ListenerTls> tls = listener.object("tls", security::tls);
        boolean hasTls = listener.has("tls");
        Optional<BrokerNames> names = new ServerNamesReader(problems).read(listener, tls);
        BrokerAddressing brokers =
                names.isPresent() ? names.get() : listener.has("sni") ? BrokerPorts.ANY : ports(listener, bind, what);
        ListenerUpstream upstream = new ListenerUpstreamReader(files).read(listener);
        boolean relayed = upstream instanceof ListenerUpstream.PassThrough;
        Optional<ListenerSasl> sasl = listener.object(
                "sasl", object -> relayed ? security.relayed(object, hasTls) : security.sasl(object, hasTls));
        return new ListenerConfig(
                name.value(),
                cluster(listener),
                bind,
                names.map(BrokerNames::bootstrap).orElseGet(() -> advertisedHost(listener, bind)),
                brokers,
                tls.orElse(null),
                sasl.orElse(null),
                listener.object("limits", ListenerReader::limits).orElse(ListenerLimits.DEFAULT),
                // without SASL a mistake has been reported
                relayed && sasl.isEmpty() ? new ListenerUpstream.Shared() : upstream);
    }

    private Endpoint bind(YamlObject listener) {
        Text text = listener.requiredText("bind");
        return text.isEmpty() ? PLACEHOLDER : Endpoints.parse(text, problems).orElse(PLACEHOLDER);
    }

    private String cluster(YamlObject listener) {
        Optional<Text> cluster = listener.text("cluster");
        if (cluster.isPresent()) {
            if (!clusters.contains(cluster.get().value())) {
                problems.addUnknown("cluster", cluster.get(), clusters);
            }
            return cluster.get().value();
        }
        if (clusters.size() > 1 && !listener.has("cluster")) {
            problems.add(listener.at(), "missing key \"cluster\"", "", "one of " + String.join(", ", clusters));
        }
        return clusters.isEmpty() ? "" : clusters.get(0);
    }

    private String advertisedHost(YamlObject listener, Endpoint bind) {
        Optional<Text> host = listener.text("advertisedHost");
        if (host.isEmpty()
                && !listener.has("advertisedHost")
                && !listener.has("sni")
                && Endpoints.isWildcard(bind.host())) {
            problems.add(
                    listener.at("bind"),
                    "missing key \"advertisedHost\"; clients cannot connect to " + bind.host(),
                    "",
                    "the host name or address under which clients reach this listener");
        }
        return host.map(this::advertised).orElse(bind.host());
    }

    private String advertised(Text text) {
        if (Endpoints.isWildcard(text.value()) || text.value().matches(".*[\\s/].*|.*:\\d+")) {
            problems.add(
                    text.at(), "wrong value", '"' + text.value() + '"', "a host name or an address, without a port");
        }
        return text.value();
    }

    private BrokerPorts ports(YamlObject listener, Endpoint bind, String what) {
        BrokerPorts brokers = listener.object("brokerPorts", object -> brokerPorts(object, bind))
                .orElseGet(() -> defaultPorts(bind, listener.at("bind")));
        Position at = listener.has("brokerPorts") ? listener.at("brokerPorts") : listener.at("bind");
        ports.add(bind.host(), brokers, "the broker ports of " + what, at);
        return brokers;
    }

    private BrokerPorts brokerPorts(YamlObject object, Endpoint bind) {
        Position at = object.at("first");
        int first = (int) object.integer("first", 0, 65_535, bind.port() == 0 ? 0 : bind.port() + 1L);
        Optional<NodeIds> ids = object.has("nodeIds")
                ? object.value("nodeIds").flatMap(value -> NodeIds.read(value, problems))
                : Optional.of(NodeIds.DEFAULT);
        // ids that cannot be read take no ports: a hundred of them would be in the way of all other listeners
        return ids.map(range -> brokerPorts(first, range, at)).orElse(BrokerPorts.ANY);
    }

    private BrokerPorts defaultPorts(Endpoint bind, Position at) {
        return bind.port() == 0 ? BrokerPorts.ANY : brokerPorts(bind.port() + 1, NodeIds.DEFAULT, at);
    }

    private BrokerPorts brokerPorts(int first, NodeIds ids, Position at) {
        long last = first + (long) ids.last() - ids.first();
        if (first > 0 && last > 65_535) {
            problems.add(
                    at,
                    "brokers " + ids.first() + " to " + ids.last() + " need " + ids.count() + " ports from " + first
                            + " on",
                    "up to " + last,
                    "ports up to 65535: a lower first port, or fewer node ids");
            return BrokerPorts.ANY;
        }
        return new BrokerPorts(first, ids.first(), ids.last());
    }

    private static ListenerLimits limits(YamlObject limits) {
        ListenerLimits base = ListenerLimits.DEFAULT;
        return new ListenerLimits(
                (int) limits.integer("frameBytesMax", 1_024, Integer.MAX_VALUE, base.frameBytesMax()),
                (int) limits.integer("inFlightMax", 1, 100_000, base.inFlightMax()),
                (int) limits.integer("connectionsMax", 1, 10_000_000, base.connectionsMax()),
                millis(limits, "handshakeTimeout", base.handshakeTimeoutMillis()),
                millis(limits, "partialFrameTimeout", base.partialFrameTimeoutMillis()),
                (int) limits.integer("recordsBytesMax", 1_024, 1 << 30, base.recordsBytesMax()),
                (int) limits.integer("decompressionRatioMax", 1, 1_000_000, base.decompressionRatioMax()));
    }

    private static int millis(YamlObject limits, String key, int fallbackMillis) {
        return (int) limits.duration(key, SECOND, HOUR, Duration.ofMillis(fallbackMillis))
                .toMillis();
    }
}
