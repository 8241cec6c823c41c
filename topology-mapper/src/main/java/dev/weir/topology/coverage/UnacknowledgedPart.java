package dev.weir.topology.coverage;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.state.v1.UnacknowledgedState;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.StreamPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sums, for each topic, the records that were produced with acks=0: they may be in the log, and no proxy can say so. A
 * report that comes twice is counted twice: the sum is what at most can be excused, and is never too small.
 */
public final class UnacknowledgedPart implements StreamPart {
    private static final Logger LOG = LoggerFactory.getLogger(UnacknowledgedPart.class);
    private static final String STORE = "unacknowledged";

    @Override
    public String name() {
        return STORE;
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(ReportTopic.FLOWS);
    }

    @Override
    public Set<StoreBuilder<?>> storeBuilders() {
        return Set.of(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingEnabled());
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> processor() {
        return new Sums();
    }

    static byte[] key(String cluster, String topic) {
        byte[] flow = ReportKeys.flow(cluster, topic);
        return ByteBuffer.allocate(2 + flow.length)
                .put(RecordKind.COVERAGE.code())
                .put((byte) 'u')
                .put(flow)
                .array();
    }

    /** Whether a record of the state topic is one of these sums. */
    public static boolean concerns(byte[] key) {
        return key.length > 1 && key[1] == 'u';
    }

    /** Looks for one field, as nearly all flows have nothing to say here. */
    static boolean unacknowledged(byte[] flow) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(flow);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == Flow.RECORDS_UNACKNOWLEDGED_FIELD_NUMBER) {
                return in.readUInt64() > 0;
            }
            in.skipField(tag);
        }
        return false;
    }

    private static final class Sums implements Processor<byte[], byte[], byte[], byte[]> {
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable KeyValueStore<Bytes, byte[]> store;
        private final Set<Bytes> changed = new LinkedHashSet<>();

        @Override
        public void init(ProcessorContext<byte[], byte[]> started) {
            context = started;
            store = started.getStateStore(STORE);
            started.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, this::forward);
        }

        @Override
        public void process(Record<byte[], byte[]> report) {
            byte @Nullable [] value = report.value();
            KeyValueStore<Bytes, byte[]> sums = store;
            if (value == null || sums == null) {
                return;
            }
            try {
                if (unacknowledged(value)) {
                    add(sums, Flow.parseFrom(value));
                }
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("A flow report cannot be read and is left out");
            }
        }

        private void add(KeyValueStore<Bytes, byte[]> sums, Flow flow) throws IOException {
            Bytes key = Bytes.wrap(key(flow.getHeader().getCluster(), flow.getTopic()));
            byte @Nullable [] before = sums.get(key);
            long records =
                    before == null ? 0 : UnacknowledgedState.parseFrom(before).getRecords();
            sums.put(
                    key,
                    UnacknowledgedState.newBuilder()
                            .setCluster(flow.getHeader().getCluster())
                            .setTopic(flow.getTopic())
                            .setRecords(records + flow.getRecordsUnacknowledged())
                            .build()
                            .toByteArray());
            changed.add(key);
        }

        private void forward(long nowMillis) {
            ProcessorContext<byte[], byte[]> to = context;
            KeyValueStore<Bytes, byte[]> sums = store;
            if (to != null && sums != null) {
                changed.forEach(key -> to.forward(new Record<>(key.get(), sums.get(key), nowMillis)));
                changed.clear();
            }
        }
    }
}
