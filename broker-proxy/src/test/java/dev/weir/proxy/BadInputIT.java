package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.KafkaFrames;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is no Kafka closes its connection, with one line and one count, and nobody else notices. Each case has a
 * listener of its own, so that its counts and its log line are its own, too.
 */
class BadInputIT {
    private static final int FRAME_BYTES_MAX = 100_000;
    private static final ListenerLimits LIMITS = new ListenerLimits(FRAME_BYTES_MAX, 8, 5_000, 60_000, 300);
    private static final short METADATA_VERSION = 12;
    private static final int FLOOD = Integer.getInteger("weir.test.flood", 4_000);
    private static final int FLOOD_KINDS = 6;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static Witnesses witnesses;
    private static LogCapture log;

    /** Bytes, and what is wrong with them. */
    record Case(String name, byte[] bytes, MalformedReason reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(1).start();
        log = LogCapture.of("dev.weir.proxy");
        ProxyFixture.Builder builder = ProxyFixture.inFrontOf(kafka.bootstrap())
                .listener(Witnesses.LISTENER, null, null)
                .listener("odd", null, null, LIMITS)
                .listener("slow", null, null, new ListenerLimits(FRAME_BYTES_MAX, 8, 100, 60_000, 60_000))
                .listener("full", null, null, new ListenerLimits(FRAME_BYTES_MAX, 8, 3, 60_000, 60_000))
                .listener("flood", null, null, LIMITS);
        cases().forEach(bad -> builder.listener(bad.name(), null, null, LIMITS));
        weir = builder.start();
        witnesses = Witnesses.of(weir);
    }

    @AfterAll
    static void stop() {
        witnesses.close();
        weir.close();
        kafka.close();
        log.close();
    }

    static Stream<Case> cases() {
        byte[] metadata = frame(new MetadataRequestData().setTopics(null), METADATA_VERSION);
        byte[] body = Arrays.copyOfRange(metadata, 4, metadata.length);
        return Stream.of(
                new Case(
                        "http",
                        "GET / HTTP/1.1\r\nHost: kafka\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        tooLarge()),
                new Case("tls-to-plaintext", new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, tooLarge()),
                new Case("random-bytes", randomBytes(4096), tooLarge()),
                new Case("length-negative", ints(-1, 0, 0), MalformedReason.LENGTH_TOO_SMALL),
                new Case("length-most-negative", ints(Integer.MIN_VALUE, 0, 0), MalformedReason.LENGTH_TOO_SMALL),
                new Case("length-zero", ints(0, 0, 0), MalformedReason.LENGTH_TOO_SMALL),
                new Case("length-of-no-header", ints(7, 0, 0), MalformedReason.LENGTH_TOO_SMALL),
                new Case("length-huge", ints(Integer.MAX_VALUE), tooLarge()),
                new Case("length-above-limit", ints(FRAME_BYTES_MAX + 1), tooLarge()),
                new Case("header-cut", framed(Arrays.copyOf(body, 9)), MalformedReason.HEADER),
                new Case("header-client-id-too-long", framed(header(3, 1, 1000)), MalformedReason.HEADER),
                new Case("header-tags-without-end", framed(concat(header(3, 12, 0), ones(20))), MalformedReason.HEADER),
                new Case("body-missing", framed(header(3, 4, 0)), MalformedReason.BODY),
                new Case("body-cut", framed(Arrays.copyOf(body, body.length - 1)), MalformedReason.BODY),
                new Case("body-too-long", framed(concat(body, new byte[4])), MalformedReason.BODY),
                new Case(
                        "body-array-huge",
                        framed(concat(header(3, 4, 0), ints(Integer.MAX_VALUE))),
                        MalformedReason.BODY),
                new Case("body-array-negative", framed(concat(header(3, 4, 0), ints(-7))), MalformedReason.BODY),
                new Case("api-999", framed(header(999, 0, 0)), MalformedReason.UNKNOWN_API),
                new Case("api-negative", framed(header(-1, 0, 0)), MalformedReason.UNKNOWN_API),
                new Case("api-of-another-age", framed(header(4, 0, 0)), MalformedReason.UNKNOWN_API),
                new Case("api-of-controllers", framed(header(52, 0, 0)), MalformedReason.UNKNOWN_API),
                new Case("version-to-come", framed(header(3, 99, 0)), MalformedReason.UNKNOWN_VERSION),
                new Case("version-of-the-past", framed(header(1, 0, 0)), MalformedReason.UNKNOWN_VERSION),
                new Case("version-negative", framed(header(3, -1, 0)), MalformedReason.UNKNOWN_VERSION),
                new Case("silence-in-the-length", new byte[] {0, 0}, MalformedReason.STALLED),
                new Case("silence-in-the-header", Arrays.copyOf(metadata, 9), MalformedReason.STALLED),
                new Case("silence-in-the-body", Arrays.copyOf(metadata, metadata.length - 1), MalformedReason.STALLED));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void closesTheConnection(Case bad) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(bad.name()))) {
            client.sendBytes(bad.bytes());
            assertThat(client.awaitClosedInSilence())
                    .as("closed without an answer")
                    .isTrue();
        }
        ListenerMetrics metrics = weir.metrics().listener(bad.name());
        Patience.awaitAnswer().until(() -> metrics.connectionsOpen() == 0);
        assertThat(metrics.framesMalformed(bad.reason()))
                .as(bad.reason().name())
                .isEqualTo(1);
        assertThat(metrics.framesMalformed()).as("counted once").isEqualTo(1);
        assertThat(log.with("listener", bad.name())).singleElement().satisfies(line -> {
            assertThat(LogCapture.value(line, "kind")).isEqualTo(bad.reason());
            assertThat(LogCapture.value(line, "reason").toString()).isNotBlank();
            assertThat(line.getThrowableProxy()).as("a stack trace").isNull();
        });
        witnesses.areServed();
    }

    @Test
    void answersAnApiVersionsOfTheFutureAsVersionZero() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("odd"))) {
            byte[] noTags = {0};
            client.sendFrame(concat(header(ApiKeys.API_VERSIONS.id, 99, 0), concat(noTags, ones(30))));
            ApiVersionsResponseData answer =
                    client.receive(ApiKeys.API_VERSIONS, (short) 0).as(ApiVersionsResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
                    .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());

            ApiVersionsRequestData known =
                    new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1");
            assertThat(client.request(known, (short) 3)
                            .as(ApiVersionsResponseData.class)
                            .errorCode())
                    .as("the connection goes on")
                    .isZero();
        }
        assertThat(weir.metrics().listener("odd").framesMalformed()).isZero();
    }

    /** ADR 0054. */
    @Test
    void answersOneThatAsksForAllTopicsAsLibrdkafkaDoes() {
        byte[] metadata = frame(new MetadataRequestData().setTopics(null), METADATA_VERSION);
        byte[] leftOver = {1, 0, 0};
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("odd"))) {
            client.sendFrame(concat(Arrays.copyOfRange(metadata, 4, metadata.length), leftOver));
            assertThat(client.receive(ApiKeys.METADATA, METADATA_VERSION)
                            .as(MetadataResponseData.class)
                            .brokers())
                    .hasSize(1);
            client.request(new MetadataRequestData(), METADATA_VERSION);
        }
        assertThat(weir.metrics().listener("odd").framesMalformed()).isZero();
    }

    @Test
    void servesOneThatWritesByteByByteAndHoldsLittleForIt() {
        MetadataRequestData request = new MetadataRequestData();
        for (int i = 0; i < 80; i++) {
            request.topics().add(new MetadataRequestTopic().setName("absent" + "-".repeat(90) + i));
        }
        byte[] bytes = frame(request.setAllowAutoTopicCreation(false), METADATA_VERSION);
        List<RawKafkaConnection> clients = new ArrayList<>();
        long before = MemoryUse.buffers();
        long most = 0;
        for (int i = 0; i < 8; i++) {
            clients.add(RawKafkaConnection.open(weir.bootstrap("slow")));
        }
        for (int at = 0; at < bytes.length - 1; at++) {
            for (RawKafkaConnection client : clients) {
                client.sendBytes(new byte[] {bytes[at]});
            }
            most = Math.max(most, MemoryUse.buffers() - before);
        }
        System.out.printf("slow writers: %d bytes sent, %d KiB of buffers at most%n", 8 * bytes.length, most / 1024);
        assertThat(most)
                .as("bytes of buffers for 8 requests of %s bytes", bytes.length)
                .isLessThan(2 << 20);
        for (RawKafkaConnection client : clients) {
            client.sendBytes(new byte[] {bytes[bytes.length - 1]});
            assertThat(client.receive(ApiKeys.METADATA, METADATA_VERSION)
                            .as(MetadataResponseData.class)
                            .topics())
                    .hasSize(80);
            client.close();
        }
        assertThat(log.with("listener", "slow")).isEmpty();
    }

    @Test
    void closesTheConnectionThatIsOneTooMany() {
        ListenerMetrics metrics = weir.metrics().listener("full");
        List<RawKafkaConnection> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(RawKafkaConnection.open(weir.bootstrap("full")));
            held.get(i).request(new MetadataRequestData(), METADATA_VERSION);
        }
        try (RawKafkaConnection fourth = RawKafkaConnection.open(weir.bootstrap("full"))) {
            assertThat(fourth.awaitClosedInSilence()).isTrue();
        }
        assertThat(metrics.connectionsRefused(RefusalReason.CONNECTION_LIMIT)).isEqualTo(1);
        assertThat(metrics.connectionsOpen()).isEqualTo(3);
        assertThat(log.with("listener", "full"))
                .singleElement()
                .satisfies(
                        line -> assertThat(LogCapture.value(line, "kind")).isEqualTo(RefusalReason.CONNECTION_LIMIT));

        held.remove(0).close();
        Patience.awaitAnswer().until(() -> metrics.connectionsOpen() == 2);
        held.add(RawKafkaConnection.open(weir.bootstrap("full")));
        held.forEach(client -> client.request(new MetadataRequestData(), METADATA_VERSION));
        held.forEach(RawKafkaConnection::close);
        witnesses.areServed();
    }

    @Test
    void aFloodLeavesNothingBehind() {
        long from = System.nanoTime();
        flood(500, 1);
        MemoryUse before = MemoryUse.now();
        flood(FLOOD, 2);
        long millis = (System.nanoTime() - from) / 1_000_000;
        Patience.awaitAnswer().untilAsserted(() -> {
            MemoryUse after = MemoryUse.now();
            assertThat(after.heapBytes() - before.heapBytes()).as("heap").isLessThan(8 << 20);
            assertThat(after.bufferBytes() - before.bufferBytes()).as("buffers").isLessThan(4 << 20);
        });
        System.out.printf(
                "floods of 500 and %d in %d ms: between %s, after %s%n", FLOOD, millis, before, MemoryUse.now());

        assertThat(weir.metrics().listener("flood").framesMalformed()).isEqualTo(FLOOD + 500);
        assertThat(log.with("listener", "flood").size())
                .as("lines: one a second for each of the kinds of bad input")
                .isLessThanOrEqualTo((int) (millis / 1000 + 3) * FLOOD_KINDS);
        witnesses.areServed();
    }

    /** Connections that each send something bad; few at a time. */
    private static void flood(int count, long seed) {
        Random random = new Random(seed);
        List<Case> bad =
                cases().filter(each -> each.reason() != MalformedReason.STALLED).toList();
        for (int i = 0; i < count; i++) {
            try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("flood"))) {
                client.sendBytes(bad.get(random.nextInt(bad.size())).bytes());
                assertThat(client.awaitClosedInSilence()).isTrue();
            }
        }
        Patience.awaitAnswer().until(() -> weir.metrics().listener("flood").connectionsOpen() == 0);
    }

    private static MalformedReason tooLarge() {
        return MalformedReason.LENGTH_TOO_LARGE;
    }

    private static byte[] frame(ApiMessage body, short version) {
        return framed(KafkaFrames.encodeRequest(
                new RequestHeaderData()
                        .setRequestApiKey(body.apiKey())
                        .setRequestApiVersion(version)
                        .setCorrelationId(1)
                        .setClientId("bad"),
                body));
    }

    /** A header with a null client id, or with one that claims a length. */
    private static byte[] header(int apiKey, int version, int clientIdBytes) {
        return ByteBuffer.allocate(10)
                .putShort((short) apiKey)
                .putShort((short) version)
                .putInt(1)
                .putShort((short) (clientIdBytes == 0 ? -1 : clientIdBytes))
                .array();
    }

    private static byte[] framed(byte[] frame) {
        return concat(ints(frame.length), frame);
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static byte[] ones(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 0xff);
        return bytes;
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(42).nextBytes(bytes);
        bytes[0] = 0x55; // a positive length, of more than a gigabyte
        return bytes;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
