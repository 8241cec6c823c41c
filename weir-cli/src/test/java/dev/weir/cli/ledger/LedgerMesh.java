package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;

import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.cli.mesh.MeshPolicy;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.topology.TopologyApp;
import dev.weir.topology.TopologySettings;
import dev.weir.topology.coverage.CoverageSettings;
import dev.weir.topology.progress.LagSettings;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A Kafka, two proxies in front of it as {@code weir up} runs them, and a topology that sees what both report: what is
 * produced goes through one, what is consumed through the other. For each topic there are two services, {@code
 * TOPIC-writer} and {@code TOPIC-reader}. The topology judges sooner than it does by default.
 */
final class LedgerMesh implements AutoCloseable {
    static final String CLUSTER = "main";
    static final long COVERAGE_MILLIS = 2_000;
    static final LagSettings LAG = new LagSettings(20_000, 8_000, 86_400_000, 10_000, 512, 64, 1_000);

    private static final String PASSWORD = "secret";

    private final EmbeddedKafka kafka;
    private final Mesh writers;
    private final Mesh readers;
    private final TopologyApp topology;

    private LedgerMesh(Path folder, List<String> topics, String policy) throws IOException {
        kafka = EmbeddedKafka.builder()
                .property("log.cleaner.backoff.ms", "200")
                .property("broker.session.timeout.ms", "30000") // nobody gains when the only broker is given up
                .start();
        Files.createDirectories(folder.resolve("policy"));
        Files.writeString(folder.resolve("policy/all.yaml"), services(topics) + policy);
        Files.writeString(folder.resolve("users.txt"), users(topics));
        writers = proxy(folder, kafka.bootstrap(), "writers");
        readers = proxy(folder, kafka.bootstrap(), "readers");
        topology = TopologyApp.start(TopologySettings.of(
                        kafka.bootstrap(), "ledger", Files.createDirectories(folder.resolve("state")))
                .withLag(LAG)
                .withCoverage(CoverageSettings.of(Map.of(CLUSTER, Map.of("bootstrap.servers", kafka.bootstrap())))
                        .every(COVERAGE_MILLIS))
                .withPolicy(new MeshPolicy(readers.policy()::current, Clock.systemUTC())));
    }

    /**
     * Starts all of it, and waits until the topology has heard of the proxies.
     *
     * @param policy documents besides those that allow the services everything
     */
    static LedgerMesh start(Path folder, List<String> topics, String policy) throws IOException {
        LedgerMesh mesh = new LedgerMesh(folder, topics, policy);
        try {
            awaitSettled()
                    .until(() -> mesh.view().freshness().state() == Freshness.State.LIVE
                            && mesh.view().proxies().size() == 2);
            return mesh;
        } catch (ConditionTimeoutException e) {
            mesh.close();
            throw e;
        }
    }

    private static Mesh proxy(Path folder, String bootstrap, String name) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), """
                clusters: [{name: main, bootstrap: ["BOOTSTRAP"]}]
                listeners:
                  - name: internal
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    sasl: {users: users.txt, allowWithoutTls: true}
                policy: {folder: policy}
                admin: {bind: "127.0.0.1:0"}
                reports: {proxyName: NAME}
                topology: {enabled: false}
                """.replace("BOOTSTRAP", bootstrap)
                .replace("NAME", name));
        return Mesh.start(ConfigFile.read(config), new ErrorLog(List::of), denial -> {}, started -> {});
    }

    private static String services(List<String> topics) {
        StringBuilder services = new StringBuilder("""
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all, owner: test}
                spec:
                  topics: ["*"]
                  rules:
                    - {id: write, allow: [produce], services: ["*"], transactionalIds: ["*"]}
                    - {id: read, allow: [consume], services: ["*"], groups: ["*"]}
                """);
        for (String topic : topics) {
            for (String role : List.of("writer", "reader")) {
                services.append("""
                        ---
                        apiVersion: weir.dev/v1
                        kind: Service
                        metadata: {name: NAME, owner: test}
                        spec: {identities: [{sasl: NAME}]}
                        """.replace("NAME", topic + "-" + role));
            }
        }
        return services.toString();
    }

    private static String users(List<String> topics) {
        String hash = PasswordHash.create(PASSWORD, 10_000).encoded();
        StringBuilder users = new StringBuilder();
        for (String topic : topics) {
            users.append(topic).append("-writer:").append(hash).append('\n');
            users.append(topic).append("-reader:").append(hash).append('\n');
        }
        return users.toString();
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    MeshView view() {
        return topology.view();
    }

    /** A group as it is shown now. */
    GroupLag group(String name) {
        return view().groups(Moment.NOW).stream()
                .filter(group -> group.group().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the group " + name + " is not shown"));
    }

    /** Edges between two nodes of these names. */
    List<Edge> edges(Moment moment, String from, String to) {
        Topology shown = view().topology(moment);
        Map<String, String> names = new HashMap<>();
        shown.nodes().forEach(node -> names.put(node.id(), node.name()));
        return shown.edges().stream()
                .filter(edge -> from.equals(names.get(edge.from())) && to.equals(names.get(edge.to())))
                .toList();
    }

    /** Properties of a client that produces to the topic through its proxy. */
    Map<String, Object> writer(String topic) {
        return client(writers, topic + "-writer");
    }

    /** Properties of a client that consumes from the topic through the other. */
    Map<String, Object> reader(String topic) {
        return client(readers, topic + "-reader");
    }

    private static Map<String, Object> client(Mesh mesh, String service) {
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", mesh.listeners().get(0).bootstrap().toString());
        client.put("client.id", service);
        client.put("security.protocol", "SASL_PLAINTEXT");
        client.put("sasl.mechanism", "PLAIN");
        client.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + service
                        + "\" password=\"" + PASSWORD + "\";");
        return client;
    }

    @Override
    public void close() {
        topology.close();
        readers.close();
        writers.close();
        kafka.close();
    }
}
