package dev.weir.cli.mesh;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.logging.RecentErrors;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.idp.TestIdp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Every secret that a mesh can have says horse somewhere, half of them are wrong so that there is much to complain about, and
 * nothing that anybody gets to see has a horse in it: no page, no line of the log at its most talkative, no line of the audit,
 * no record of a report.
 */
class StatusSecretsIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Everything appender = new Everything();
    private final RecentErrors recent = new RecentErrors();
    private Level before;

    /** What Weir logs at all, and what libraries and the test's own Kafka say unasked; with its values and causes. */
    private final class Everything extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (!event.getLoggerName().startsWith("dev.weir")
                    && !event.getLevel().isGreaterOrEqual(Level.INFO)) {
                return;
            }
            StringBuilder line = new StringBuilder(event.getLoggerName() + " " + event.getFormattedMessage());
            line.append(' ').append(event.getKeyValuePairs()).append(' ').append(event.getMDCPropertyMap());
            for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                line.append(' ').append(cause.getClassName()).append(' ').append(cause.getMessage());
            }
            lines.add(line.toString());
        }
    }

    @BeforeEach
    void listen() {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        for (AppenderBase<ILoggingEvent> one : List.of(appender, recent)) {
            one.setContext(root.getLoggerContext());
            one.start();
            root.addAppender(one);
        }
        Logger weir = (Logger) LoggerFactory.getLogger("dev.weir");
        before = weir.getLevel();
        weir.setLevel(Level.TRACE);
    }

    @AfterEach
    void listenNoMore() {
        ((Logger) LoggerFactory.getLogger("dev.weir")).setLevel(before);
        for (AppenderBase<ILoggingEvent> one : List.of(appender, recent)) {
            ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(one);
            one.stop();
        }
    }

    @Test
    void nobodyIsShownASecret() throws Exception {
        try (SecretsMesh secrets = SecretsMesh.lay(folder);
                Mesh mesh = Mesh.start(
                        ConfigFile.read(secrets.config()), ErrorLog.of(recent), denial -> {}, started -> {})) {
            String dashboard = mesh.topologyUrl().get(2, TimeUnit.MINUTES);
            useIt(mesh, secrets);
            secrets.vault().fail(503);
            awaitSettled()
                    .untilAsserted(() -> assertThat(get(mesh.adminUrl() + "/status"))
                            .contains("Vault at", "access token", "does not let Weir read"));
            awaitSettled()
                    .untilAsserted(() -> assertThat(ask(dashboard + "/api/v1/security", secrets.viewer()))
                            .contains("nobody-with-a-password"));

            Map<String, String> pages = new HashMap<>();
            for (String page : List.of("/status", "/metrics", "/healthz", "/readyz", "/", "/nothing")) {
                pages.put("admin " + page, get(mesh.adminUrl() + page));
            }
            for (String page : secrets.pagesOfTheDashboard()) {
                pages.put("topology " + page, get(dashboard + page, "Authorization", "Bearer " + secrets.viewer()));
                pages.put(
                        "topology, a stranger " + page,
                        get(dashboard + page, "Authorization", "Bearer horse-no-token"));
            }
            assertThat(pages.get("admin /status"))
                    .as("there is something to see")
                    .contains("main", "other", "kv/data/weir/kafka");
            assertThat(pages.get("topology /api/v1/security")).contains("nobody-with-a-password");
            pages.put("audit", Files.readString(folder.resolve("audit.jsonl")));
            pages.put("reports", reports(secrets.kafka()));
            assertThat(pages.get("audit")).contains("logInFailed");
            secrets.none().forEach((what, secret) -> {
                assertThat(pages)
                        .allSatisfy((page, text) ->
                                assertThat(text).as("%s on %s", what, page).doesNotContainIgnoringCase(secret));
                assertThat(lines).as("%s in the log", what).noneMatch(line -> line.contains(secret));
            });
        }
        assertThat(lines).as("it listened").anyMatch(line -> line.contains("dev.weir"));
        assertThat(lines).noneMatch(line -> line.contains("horse"));
    }

    /** Comes in by each way, and is refused by each way. */
    private static void useIt(Mesh mesh, SecretsMesh secrets) {
        String plain = bootstrap(mesh, "front");
        assertThat(produce(patient(secrets.password(plain, "checkout", SecretsMesh.CLIENT, "PLAIN"))))
                .isNull();
        assertThat(produce(patient(secrets.password(plain, "checkout", SecretsMesh.CLIENT, "SCRAM-SHA-512"))))
                .isNull();
        for (String mechanism : List.of("PLAIN", "SCRAM-SHA-512")) {
            assertThat(produce(secrets.password(plain, "checkout", "horse-wrong", mechanism)))
                    .isNotNull();
            assertThat(produce(secrets.password(plain, "nobody-with-a-password", "horse-wrong", mechanism)))
                    .isNotNull();
        }
        for (String listener : List.of("files", "vault")) {
            assertThat(produce(secrets.password(bootstrap(mesh, listener), "checkout", SecretsMesh.CLIENT, "PLAIN")))
                    .as("its credential is the wrong one")
                    .isNotNull();
        }
        assertThat(produce(patient(secrets.token(bootstrap(mesh, "tokens"), secrets.accessToken()))))
                .isNull();
        assertThat(produce(secrets.token(bootstrap(mesh, "tokens"), "horse.horse.horse")))
                .isNotNull();
        byte[] byRegistry = {0, 0, 0, 0, 1, 2};
        for (String topic : List.of("by-password", "by-token")) {
            assertThat(produce(secrets.password(plain, "checkout", SecretsMesh.CLIENT, "PLAIN"), topic, byRegistry))
                    .as("no registry lets Weir in")
                    .isNotNull();
        }
    }

    /** Who is to come in has time for it, however busy the machine is. */
    private static Map<String, Object> patient(Map<String, Object> client) {
        int millis = (int) Patience.SETTLED.toMillis();
        Map<String, Object> settings = new HashMap<>(client);
        settings.putAll(
                Map.of("max.block.ms", millis, "request.timeout.ms", millis / 2, "delivery.timeout.ms", millis));
        return settings;
    }

    private static Throwable produce(Map<String, Object> client) {
        return produce(client, "orders", new byte[] {1});
    }

    private static Throwable produce(Map<String, Object> client, String topic, byte[] value) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "max.block.ms", 20_000,
                "request.timeout.ms", 3_000,
                "delivery.timeout.ms", 6_000,
                "enable.idempotence", false));
        settings.putAll(client);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            return catchThrowable(() -> producer.send(new ProducerRecord<>(topic, value))
                    .get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private static String bootstrap(Mesh mesh, String listener) {
        return mesh.listeners().stream()
                .filter(bound -> bound.name().equals(listener))
                .findFirst()
                .orElseThrow()
                .bootstrap()
                .toString();
    }

    /** Every record that Weir wrote to Kafka, whatever is in it. */
    private static String reports(EmbeddedKafka kafka) {
        StringBuilder all = new StringBuilder();
        Map<String, Object> settings =
                new HashMap<>(ClientAccess.saslPlain(kafka.bootstrap("SASL"), "weir", SecretsMesh.BROKER)
                        .javaProperties());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().entrySet().stream()
                    .filter(topic -> topic.getKey().startsWith("_weir-"))
                    .flatMap(topic -> topic.getValue().stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            awaitSettled().until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    all.append(text(record.key())).append(text(record.value()));
                }
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        assertThat(all).isNotEmpty();
        return all.toString();
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String ask(String url, String token) throws Exception {
        return get(url, "Authorization", "Bearer " + token);
    }

    private static String get(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.headers().map() + " " + answer.body();
    }

    /** A Git server that takes no password: policy does not come, and the mesh says why on the only page it has. */
    @Test
    void aGitPasswordIsNotShownEither() throws Exception {
        try (TestIdp noGitServer = TestIdp.start()) {
            noGitServer.down(true);
            Files.writeString(folder.resolve("git.token"), "horse-git\n");
            Path config = Files.writeString(folder.resolve("weir.yaml"), """
                    clusters: [{name: main, bootstrap: ["127.0.0.1:1"]}]
                    listeners: [{name: front, bind: "127.0.0.1:0", brokerPorts: {first: 0}}]
                    policy:
                      git: {url: "%s/policy.git", poll: 1s, credentials: {username: weir, passwordFile: git.token}}
                    reports: {enabled: false}
                    admin: {bind: "127.0.0.1:0"}
                    """.formatted(noGitServer.issuer()));
            AtomicReference<Mesh> mesh = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Thread starting = new Thread(() -> {
                catchThrowable(() -> Mesh.start(ConfigFile.read(config), ErrorLog.of(recent), denial -> {}, mesh::set));
                ended.countDown();
            });
            starting.start();
            try {
                awaitSettled().until(() -> mesh.get() != null);
                awaitSettled()
                        .ignoreExceptions()
                        .until(() -> get(mesh.get().adminUrl() + "/status").contains("policy.git"));
                awaitSettled().until(() -> lines.stream().anyMatch(line -> line.contains("policy")));
                assertThat(get(mesh.get().adminUrl() + "/status")).doesNotContain("horse");
                assertThat(get(mesh.get().adminUrl() + "/metrics")).doesNotContain("horse");
            } finally {
                mesh.get().close();
                ended.await();
                starting.join();
            }
        }
        assertThat(lines.stream().filter(line -> line.contains("horse")).collect(Collectors.toList()))
                .isEmpty();
    }
}
