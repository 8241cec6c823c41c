package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.config.ListenerLimits;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.KafkaFrames;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever does not read stops the one who writes, through Weir and without memory in between; and when it reads again,
 * everything comes, whole and in order. The broker is a {@link FakeBroker}, since a real one always reads. It answers a
 * Fetch with as many bytes as are asked for, and a Produce with the check sum of what it got.
 */
class BackPressureIT {
    private static final short FETCH_VERSION = 12;
    private static final short PRODUCE_VERSION = 9;
    private static final int MEGABYTE = 1 << 20;
    private static final int IN_FLIGHT_MAX = 6;
    /** Water marks on both sides, what one read brings, and the frames in between. */
    private static final long HELD_BYTES_MAX = 12L * MEGABYTE;

    private static FakeBroker broker;
    private static ProxyFixture weir;
    private static Witnesses witnesses;

    @BeforeAll
    static void start() {
        broker = FakeBroker.start();
        broker.responder((header, frame) -> answer(header, frame));
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .listener("big", null, null, new ListenerLimits(64 * MEGABYTE, IN_FLIGHT_MAX, 100, 10_000, 60_000))
                .listener(Witnesses.LISTENER, null, null)
                .start();
        witnesses = Witnesses.of(weir);
    }

    @AfterEach
    void nothingIsInFlight() {
        Patience.awaitAnswer().until(() -> weir.metrics().listener("big").connectionsOpen() == 0);
        assertThat(weir.metrics().listener("big").requestsInFlight()).isZero();
    }

    @AfterAll
    static void stop() {
        witnesses.close();
        weir.close();
        broker.close();
    }

    @Test
    void aBrokerThatDoesNotReadStopsTheProducer() throws Exception {
        int count = 100;
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            frames.add(produce(MEGABYTE, i));
        }
        AtomicInteger sent = new AtomicInteger();
        long before = MemoryUse.buffers();
        broker.stopReading("raw");
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("big"))) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < count; i++) {
                    client.sendFrame(frames.get(i % frames.size()));
                    sent.incrementAndGet();
                }
            });
            long stoppedAt = awaitStandstill(sent::get);
            long held = MemoryUse.buffers() - before;
            System.out.printf(
                    "stalled broker: the producer stopped after %d MB, Weir holds %d KiB%n", stoppedAt, held / 1024);
            assertThat(stoppedAt).isLessThan(count / 2);
            assertThat(held).isLessThan(HELD_BYTES_MAX);
            witnesses.areServed();

            broker.readOn("raw");
            for (int i = 0; i < count; i++) {
                byte[] answer = client.receiveFrame();
                assertThat(checksum(answer)).isEqualTo(crc(frames.get(i % frames.size())));
            }
            writing.get(10, TimeUnit.SECONDS);
        } finally {
            broker.readOn("raw");
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheBroker() {
        int count = 30;
        int size = 4 * MEGABYTE;
        long downBefore = bytesDown();
        long before = MemoryUse.buffers();
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("big"))) {
            for (int i = 1; i <= count; i++) {
                client.sendFrame(fetch(size, i));
            }
            Patience.awaitAnswer().until(() -> bytesDown() > downBefore + MEGABYTE);
            long stoppedAt = awaitStandstill(BackPressureIT::bytesDown) - downBefore;
            long held = MemoryUse.buffers() - before;
            System.out.printf(
                    "stalled client: the broker stopped after %d KiB, Weir holds %d KiB%n",
                    stoppedAt / 1024, held / 1024);
            assertThat(stoppedAt).isLessThan((long) count * size / 2);
            assertThat(held).isLessThan(HELD_BYTES_MAX);
            witnesses.areServed();

            for (int i = 1; i <= count; i++) {
                byte[] answer = client.receiveFrame();
                assertThat(answer).hasSizeGreaterThan(size);
                assertThat(crc(answer)).isEqualTo(crc(fetched(size, i)));
            }
        }
    }

    /** Both directions at once, with stops of any length on all four ends; a stall would end in a read's time-out. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everythingComesWhateverThePauses(long seed) {
        broker.writer((out, frame) -> writeWithPauses(out, frame, new Random(seed ^ frame.length)));
        try {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long own = seed * 1000 + i;
                clients.add(CompletableFuture.runAsync(
                        () -> converse(own), task -> new Thread(task, "client-" + own).start()));
            }
            for (CompletableFuture<Void> client : clients) {
                assertThat(client).as("seed %s", seed).succeedsWithin(Patience.SETTLED.multipliedBy(2));
            }
        } finally {
            broker.writer(OutputStream::write);
        }
        witnesses.areServed();
    }

    private static void converse(long seed) {
        Random plan = new Random(seed);
        List<byte[]> requests = new ArrayList<>();
        List<Integer> fetchSizes = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            int size = size(plan);
            boolean isFetch = plan.nextBoolean();
            fetchSizes.add(isFetch ? size : -1);
            requests.add(isFetch ? fetch(size, i) : produce(size, i));
        }
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("big"))) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        Random pauses = new Random(seed + 1);
                        for (byte[] request : requests) {
                            pause(pauses);
                            client.sendFrame(request);
                        }
                    },
                    task -> new Thread(task, "writer-" + seed).start());
            Random pauses = new Random(seed + 2);
            DataInputStream in = new DataInputStream(client.socket().getInputStream());
            for (int i = 1; i <= requests.size(); i++) {
                byte[] answer = readWithPauses(in, pauses);
                assertThat(ByteBuffer.wrap(answer).getInt())
                        .as("seed %s: in order", seed)
                        .isEqualTo(i);
                int size = fetchSizes.get(i - 1);
                if (size < 0) {
                    assertThat(checksum(answer))
                            .as("seed %s, request %s", seed, i)
                            .isEqualTo(crc(requests.get(i - 1)));
                } else {
                    assertThat(crc(answer)).as("seed %s, response %s", seed, i).isEqualTo(crc(fetched(size, i)));
                }
            }
            writing.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("seed " + seed, e);
        }
    }

    /** Mostly small, sometimes above the water marks. */
    private static int size(Random plan) {
        return switch (plan.nextInt(6)) {
            case 0 -> plan.nextInt(3 * MEGABYTE);
            case 1, 2 -> plan.nextInt(200_000);
            default -> plan.nextInt(2_000);
        };
    }

    private static byte[] readWithPauses(DataInputStream in, Random pauses) throws IOException {
        byte[] frame = new byte[in.readInt()];
        for (int at = 0; at < frame.length; ) {
            pause(pauses);
            int bytes = Math.min(1 + pauses.nextInt(500_000), frame.length - at);
            in.readFully(frame, at, bytes);
            at += bytes;
        }
        return frame;
    }

    private static void writeWithPauses(OutputStream out, byte[] frame, Random pauses) throws IOException {
        for (int at = 0; at < frame.length; ) {
            pause(pauses);
            int bytes = Math.min(1 + pauses.nextInt(500_000), frame.length - at);
            out.write(frame, at, bytes);
            at += bytes;
        }
    }

    /** What is being tested, not what is being waited for. */
    private static void pause(Random random) {
        if (random.nextInt(4) == 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(8_000)));
        }
    }

    private static long bytesDown() {
        return weir.metrics().listener("big").bytesDown();
    }

    /** Waits until a count has not changed for a second. */
    private static long awaitStandstill(LongSupplier count) {
        long[] last = {-1, System.nanoTime()};
        Patience.awaitSettled().until(() -> {
            long now = count.getAsLong();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > TimeUnit.SECONDS.toNanos(1);
        });
        return last[0];
    }

    private static byte[] answer(RequestHeaderData header, byte[] frame) {
        if (header.requestApiKey() == ApiKeys.PRODUCE.id) {
            return FakeBroker.encode(new ProduceResponseData().setThrottleTimeMs(crc(frame)), PRODUCE_VERSION);
        }
        if (header.requestApiKey() == ApiKeys.FETCH.id) {
            ByteBufferAccessor in = new ByteBufferAccessor(ByteBuffer.wrap(frame));
            new RequestHeaderData(in, ApiKeys.FETCH.requestHeaderVersion(FETCH_VERSION));
            int size = new FetchRequestData(in, FETCH_VERSION).maxBytes();
            return FakeBroker.encode(fetchBody(size, header.correlationId()), FETCH_VERSION);
        }
        MetadataResponseData metadata = new MetadataResponseData();
        metadata.brokers()
                .add(new MetadataResponseData.MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("127.0.0.1")
                        .setPort(1));
        return FakeBroker.encode(metadata, header.requestApiVersion());
    }

    private static byte[] fetch(int size, int correlationId) {
        return request(
                correlationId,
                new FetchRequestData().setSessionEpoch(-1).setMaxBytes(size).setMaxWaitMs(0),
                FETCH_VERSION);
    }

    private static byte[] produce(int size, int correlationId) {
        ProduceRequestData request = new ProduceRequestData().setAcks((short) 1);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName("topic")
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setRecords(records(size, correlationId)))));
        return request(correlationId, request, PRODUCE_VERSION);
    }

    private static byte[] request(int correlationId, ApiMessage body, short version) {
        return KafkaFrames.encodeRequest(
                new RequestHeaderData()
                        .setRequestApiKey(body.apiKey())
                        .setRequestApiVersion(version)
                        .setCorrelationId(correlationId)
                        .setClientId("raw"),
                body);
    }

    /** The whole frame that answers a fetch, header included. */
    private static byte[] fetched(int size, int correlationId) {
        byte[] body = FakeBroker.encode(fetchBody(size, correlationId), FETCH_VERSION);
        return ByteBuffer.allocate(Integer.BYTES + 1 + body.length)
                .putInt(correlationId)
                .put((byte) 0)
                .put(body)
                .array();
    }

    private static FetchResponseData fetchBody(int size, int seed) {
        FetchResponseData response = new FetchResponseData();
        response.responses()
                .add(new FetchResponseData.FetchableTopicResponse()
                        .setTopic("topic")
                        .setPartitions(List.of(new FetchResponseData.PartitionData().setRecords(records(size, seed)))));
        return response;
    }

    private static MemoryRecords records(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
    }

    private static int checksum(byte[] produceAnswer) {
        return KafkaFrames.decodeResponse(produceAnswer, ApiKeys.PRODUCE, PRODUCE_VERSION)
                .as(ProduceResponseData.class)
                .throttleTimeMs();
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
