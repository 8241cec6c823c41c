package dev.weir.proxy.mirror;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.MirrorConfig;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.UnusedPorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Two clusters, and a Weir in front of the first: {@code main} is open; {@code staging} speaks TLS only, and lets Weir in by SCRAM as a user
 * who may make and write topics whose names begin with {@code mirror.}. As {@code slow} it lets in another one by certificate, who may
 * write little a second, and as {@code gone} Weir as before, with little patience. Who is at {@code distrusted} has a certificate of another authority, and nobody is at {@code dead}.
 */
final class MirrorMesh implements AutoCloseable {
    static final long SLOW_MEMORY_BYTES = 1 << 20;
    private static final long SLOW_BYTES_PER_SECOND = 20_000;
    private static final String SNAIL = "CN=snail";

    /** Kind of topic, by the beginning of its name: where its records go. */
    private static final Map<String, String> MIRRORS = Map.ofEntries(
            Map.entry(
                    "far",
                    "to: {cluster: staging, topic: \"mirror.{topic}\"}, create: {partitions: 3, replicationFactor: 1}"),
            Map.entry("near", "to: {topic: \"copy.{topic}\"}, create: {partitions: 2}"),
            Map.entry("same", "to: {topic: \"copy.{topic}\"}, create: {}"),
            Map.entry("share", "to: {topic: \"copy.{topic}\"}, create: {}, share: 30%"),
            Map.entry(
                    "header",
                    "to: {topic: \"copy.{topic}\"}, create: {}, header: {name: x-tenant, values: [acme, emca]}"),
            Map.entry("taken", "to: {topic: \"copy.{topic}\"}, create: {}, transactions: uncommitted"),
            Map.entry("denied", "to: {cluster: staging, topic: \"secret.{topic}\"}"),
            Map.entry("missing", "to: {cluster: staging, topic: \"mirror.{topic}\"}"),
            Map.entry("barred", "to: {cluster: staging, topic: \"barred.{topic}\"}"),
            Map.entry("absent", "to: {cluster: staging, topic: \"mirror.{topic}\"}"),
            Map.entry("gone", "to: {cluster: gone, topic: \"mirror.{topic}\"}, create: {partitions: 1}"),
            Map.entry("deleted", "to: {cluster: staging, topic: \"mirror.{topic}\"}, create: {partitions: 1}"),
            Map.entry("nowhere", "to: {cluster: nowhere}"),
            Map.entry("dead", "to: {cluster: dead}"),
            Map.entry("distrusted", "to: {cluster: distrusted}"),
            Map.entry("slow", "to: {cluster: slow, topic: \"mirror.{topic}\"}, create: {partitions: 1}"),
            Map.entry("away", "to: {cluster: staging, topic: \"mirror.{topic}\"}, create: {partitions: 1}"));

    final EmbeddedKafka main;
    final EmbeddedKafka staging;
    final ProxyFixture weir;

    /** @param folder for certificates */
    MirrorMesh(Path folder) throws Exception {
        TestCa ca = TestCa.create(folder, "ca");
        main = EmbeddedKafka.builder().autoCreateTopics(false).start();
        staging = EmbeddedKafka.builder()
                .autoCreateTopics(false)
                .authorizer()
                .listener(ClientListener.tls("SCRAM", ca.listenerTls(ClientAuth.NONE))
                        .withSasl(ClientListener.Sasl.scram(Map.of("weir", "secret"))))
                .listener(ClientListener.tls("MUTUAL", ca.listenerTls(ClientAuth.REQUIRED)))
                .start();
        allow("weir");
        allow(SNAIL);
        staging.admin()
                .alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, SNAIL)),
                        List.of(new ClientQuotaAlteration.Op("producer_byte_rate", (double) SLOW_BYTES_PER_SECOND)))))
                .all()
                .get();
        TestCertificate snail = ca.issue(CertificateSpec.client(SNAIL));
        UpstreamSasl login = new UpstreamSasl.Password(Mechanism.SCRAM_SHA_512, "weir", "secret");
        weir = ProxyFixture.inFrontOf(main.bootstrap())
                .clusters(
                        new ClusterConfig(
                                "staging", at("SCRAM"), trusting(ca), login, new MirrorConfig(64 << 20, 120_000)),
                        new ClusterConfig(
                                "slow",
                                at("MUTUAL"),
                                new UpstreamTls(ca.pem(), snail.chainPem(), snail.keyPem(), true),
                                null,
                                new MirrorConfig(SLOW_MEMORY_BYTES, 60_000)),
                        new ClusterConfig(
                                "distrusted",
                                at("SCRAM"),
                                trusting(TestCa.create(folder, "other")),
                                login,
                                new MirrorConfig(1 << 20, 5_000)),
                        new ClusterConfig("gone", at("SCRAM"), trusting(ca), login, new MirrorConfig(1 << 20, 1_000)),
                        new ClusterConfig("dead", List.of(nobody()), null, null, new MirrorConfig(1 << 20, 5_000)))
                .policy(policy())
                .listener("open", null, null)
                .start();
    }

    private List<Endpoint> at(String listener) {
        return List.of(new Endpoint("localhost", staging.port(1, listener)));
    }

    private static UpstreamTls trusting(TestCa ca) {
        return new UpstreamTls(ca.pem(), null, null, true);
    }

    private static Endpoint nobody() {
        return new Endpoint("127.0.0.1", UnusedPorts.one());
    }

    /** Lets Weir write to {@code barred.} topics, of which it could only see that they are there. */
    void unbar() {
        staging.createAcls(List.of(acl(prefix("barred."), "weir", AclOperation.WRITE)));
    }

    private static ResourcePattern prefix(String text) {
        return new ResourcePattern(ResourceType.TOPIC, text, PatternType.PREFIXED);
    }

    private void allow(String user) {
        ResourcePattern mirrors = prefix("mirror.");
        staging.createAcls(List.of(
                acl(mirrors, user, AclOperation.WRITE),
                acl(mirrors, user, AclOperation.CREATE),
                acl(prefix("secret."), user, AclOperation.DESCRIBE),
                acl(prefix("barred."), user, AclOperation.DESCRIBE)));
    }

    private static AclBinding acl(ResourcePattern pattern, String user, AclOperation operation) {
        return new AclBinding(pattern, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static PolicySnapshot policy() {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: shop}
                spec: {identities: [{anonymous: true}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all}
                spec:
                  topics: ["*"]
                  rules: [{id: write, allow: [produce], services: [shop], transactionalIds: ["*"]}]
                ---
                apiVersion: weir.dev/v1
                kind: IdentityPropagation
                metadata: {name: named}
                spec: {topics: ["same-named"]}
                """);
        MIRRORS.forEach((kind, spec) -> yaml.append("""
                ---
                apiVersion: weir.dev/v1
                kind: Mirror
                metadata: {name: %1$s}
                spec: {topics: ["%1$s-*"], %2$s}
                """.formatted(kind, spec)));
        return TestPolicy.yaml(yaml.toString());
    }

    KafkaProducer<String, byte[]> producer(Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                weir.bootstrap("open"),
                "client.id",
                "till",
                "linger.ms",
                5,
                "batch.size",
                20_000));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    MirrorStatus mirror(String name) {
        return weir.proxy().status().mirrors().stream()
                .filter(mirror -> mirror.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What is set aside for copies on their way to a cluster. */
    long memoryBytes(String cluster) {
        return weir.proxy().status().clusters().stream()
                .filter(known -> known.name().equals(cluster))
                .findFirst()
                .orElseThrow()
                .mirrorBytes();
    }

    /** Waits until nothing is in flight of so many records or more. */
    MirrorLedger settled(String name, long eligible) {
        Patience.awaitSettled().until(() -> {
            MirrorLedger ledger = mirror(name).ledger();
            return ledger.eligible().records() >= eligible && ledger.inFlight().records() == 0;
        });
        return mirror(name).ledger();
    }

    static long size(EmbeddedKafka kafka, String topic, int partitions) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        IntStream.range(0, partitions).forEach(i -> ends.put(new TopicPartition(topic, i), OffsetSpec.latest()));
        return kafka.admin().listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /** What a topic takes on the disk of its one broker. */
    static long sizeBytes(EmbeddedKafka kafka, String topic) throws Exception {
        return kafka.admin().describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().equals(topic))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    /** The records of one partition, in order, as texts. */
    static List<String> texts(EmbeddedKafka kafka, String topic, int partition) throws Exception {
        TopicPartition place = new TopicPartition(topic, partition);
        long end = kafka.admin()
                .listOffsets(Map.of(place, OffsetSpec.latest()))
                .partitionResult(place)
                .get()
                .offset();
        List<String> read = new ArrayList<>();
        Map<String, Object> properties = new HashMap<>(kafka.superUserProperties());
        properties.put("fetch.max.wait.ms", 10); // to close, a consumer waits for what it has asked
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            Patience.awaitAnswer().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(text(record)));
                return consumer.position(place) >= end;
            });
        }
        return read;
    }

    private static String text(ConsumerRecord<String, String> record) {
        StringBuilder text =
                new StringBuilder().append(record.key()).append('=').append(record.value());
        text.append('@').append(record.timestamp());
        record.headers()
                .forEach(header -> text.append(' ')
                        .append(header.key())
                        .append(':')
                        .append(new String(header.value(), StandardCharsets.UTF_8)));
        return text.toString();
    }

    @Override
    public void close() {
        weir.close();
        staging.close();
        main.close();
    }
}
