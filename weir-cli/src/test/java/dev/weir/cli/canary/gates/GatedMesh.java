package dev.weir.cli.canary.gates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness;
import dev.weir.cli.ExitCode;
import dev.weir.cli.canary.gates.Version.Commits;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.config.WeirConfig;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.testkit.await.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A Kafka, a mesh in front of it as {@code weir up} runs it, with its topology and its controller, and canaries. Each has a topic, a group and a
 * Service of its own, all under its name, and gets records all the time. It writes to {@code NAME-out}, which takes small records
 * only, or to {@code NAME-dlt}.
 */
final class GatedMesh implements AutoCloseable {
    private static final String FEEDER = "feeder";
    private static final String PASSWORD = "secret";
    private static final int PARTITIONS = 2;
    private static final int VALUE_BYTES_MAX = 1_000;
    private static final long FEED_MILLIS = 50;
    private static final int KEYS = 100;
    /** One record in so many has it, and no other one: all of these are in one partition, half a minute apart. */
    static final String RARE_KEY = "rare";

    private static final int RARE = 600;

    private final List<Gated> canaries;
    private final EmbeddedKafka kafka;
    private final Deque<Runnable> open = new ArrayDeque<>();
    private final Mesh mesh;
    private final String api;

    /**
     * A canary.
     *
     * @param strategy as policy has it
     * @param hold of its first step, in which it has a half; then it gets everything
     * @param gates as policy has them
     */
    record Gated(String name, String strategy, String hold, String gates) {
        /** By key, and judged when it has read some records. */
        Gated(String name, String hold, String gates) {
            this(name, "slice", hold, gates + ", records: 20");
        }

        private String yaml() {
            return """
                    ---
                    apiVersion: weir.dev/v1
                    kind: Service
                    metadata: {name: %1$s, owner: test}
                    spec:
                      identities: [{sasl: %1$s}]
                      versions: {v1: {clientId: "%1$s-v1*"}, v2: {clientId: "%1$s-v2*"}}
                    ---
                    apiVersion: weir.dev/v1
                    kind: Canary
                    metadata: {name: %1$s, owner: test}
                    spec:
                      group: %1$s
                      topics: [%1$s]
                      stable: {service: %1$s, version: v1}
                      canary: {service: %1$s, version: v2}
                      strategy: %2$s
                      steps: [{weight: 50%%, hold: %3$s}, {weight: 100%%}]
                      gates: {%4$s}
                    """.formatted(name, strategy, hold, gates);
        }
    }

    private GatedMesh(Path folder, List<Gated> canaries) throws Exception {
        this.canaries = canaries;
        kafka = EmbeddedKafka.start();
        open.push(kafka::close);
        try {
            createTopics();
            Files.createDirectories(folder.resolve("policy"));
            Files.writeString(folder.resolve("policy/all.yaml"), policy());
            Files.writeString(folder.resolve("users.txt"), users());
            mesh = Mesh.start(config(folder), new ErrorLog(List::of), denial -> {}, started -> {});
            open.push(mesh::close);
            api = mesh.topologyUrl().get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
            feed();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Starts all of it; there are records from now on. */
    static GatedMesh start(Path folder, List<Gated> canaries) throws Exception {
        return new GatedMesh(folder, canaries);
    }

    private void createTopics() throws Exception {
        List<NewTopic> topics = canaries.stream()
                .flatMap(canary -> Stream.of(
                        new NewTopic(canary.name(), PARTITIONS, (short) 1),
                        new NewTopic(canary.name() + "-dlt", 1, (short) 1),
                        new NewTopic(canary.name() + "-out", 1, (short) 1)
                                .configs(Map.of("max.message.bytes", Integer.toString(VALUE_BYTES_MAX)))))
                .toList();
        kafka.admin().createTopics(topics).all().get();
    }

    private String policy() {
        return """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: feeder, owner: test}
                spec: {identities: [{sasl: feeder}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all, owner: test}
                spec:
                  topics: ["*"]
                  rules: [{id: all, allow: [produce, consume], services: ["*"], groups: ["*"]}]
                """ + canaries.stream().map(Gated::yaml).collect(Collectors.joining());
    }

    private String users() {
        String hash = PasswordHash.create(PASSWORD, 10_000).encoded();
        return Stream.concat(Stream.of(FEEDER), canaries.stream().map(Gated::name))
                .map(name -> name + ":" + hash + "\n")
                .collect(Collectors.joining());
    }

    private WeirConfig config(Path folder) throws IOException {
        return ConfigFile.read(
                Files.writeString(folder.resolve("weir.yaml"), """
                clusters: [{name: main, bootstrap: ["BOOTSTRAP"]}]
                listeners:
                  - name: internal
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    sasl: {users: users.txt, allowWithoutTls: true}
                policy: {folder: policy}
                admin: {bind: "127.0.0.1:0"}
                topology: {bind: "127.0.0.1:0", stateDir: state}
                """.replace("BOOTSTRAP", kafka.bootstrap())));
    }

    private void feed() {
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(FEEDER, FEEDER), new StringSerializer(), new StringSerializer());
        open.push(producer::close);
        ScheduledExecutorService feeder = Executors.newSingleThreadScheduledExecutor();
        open.push(() -> {
            feeder.shutdown();
            Patience.awaitAnswer().until(feeder::isTerminated);
        });
        int[] number = {0};
        feeder.scheduleAtFixedRate(
                () -> {
                    String key = number[0] % RARE == 0 ? RARE_KEY : "key-" + number[0] % KEYS;
                    number[0]++;
                    canaries.forEach(canary -> producer.send(new ProducerRecord<>(canary.name(), key, "1")));
                },
                0,
                FEED_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** A member of the stable side, which commits what it reads, and writes nothing bad. */
    Version stable(Gated canary) {
        return version(canary, "v1-1", false, Commits.POSITION, key -> small(canary, key));
    }

    /** A member of the canary side that is idle, and else does all well. */
    Version idle(Gated canary) {
        return version(canary, "v2-1", true, Commits.POSITION, key -> small(canary, key));
    }

    /** A member of the canary side. */
    Version canary(
            Gated canary, int number, Commits commits, Function<String, ProducerRecord<String, String>> answers) {
        return version(canary, "v2-" + number, false, commits, answers);
    }

    private Version version(
            Gated canary,
            String member,
            boolean idle,
            Commits commits,
            Function<String, ProducerRecord<String, String>> answers) {
        return new Version(canary.name(), client(canary.name(), canary.name() + "-" + member), idle, commits, answers);
    }

    static ProducerRecord<String, String> small(Gated canary, String key) {
        return new ProducerRecord<>(canary.name() + "-out", key, "1");
    }

    static ProducerRecord<String, String> tooLarge(Gated canary, String key) {
        return new ProducerRecord<>(canary.name() + "-out", key, "1".repeat(2 * VALUE_BYTES_MAX));
    }

    static ProducerRecord<String, String> deadLetter(Gated canary, String key) {
        return new ProducerRecord<>(canary.name() + "-dlt", key, "1");
    }

    /** What {@code weir canary status} says. */
    JsonNode status(Gated canary) {
        try {
            return new ObjectMapper()
                    .readTree(CommandLineHarness.weir("canary", "status", canary.name(), "--json", "--api", api)
                            .out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code weir canary resume}, which has to be obeyed. */
    void resume(Gated canary) {
        CommandLineHarness.Result said =
                CommandLineHarness.weir("canary", "resume", canary.name(), "--reason", "it works now", "--api", api);
        assertThat(said.exitCode()).as("%s", said).isEqualTo(ExitCode.OK);
    }

    /** What the audit says that was done to canaries. */
    String audit() {
        return CommandLineHarness.weir("audit", "--kind", "admin", "--api", api).out();
    }

    private Map<String, Object> client(String user, String clientId) {
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", mesh.listeners().get(0).bootstrap().toString());
        client.put("client.id", clientId);
        client.put("security.protocol", "SASL_PLAINTEXT");
        client.put("sasl.mechanism", "PLAIN");
        client.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + PASSWORD + "\";");
        return client;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }
}
