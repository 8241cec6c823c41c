package dev.weir.topology.progress;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The lag model in the stream: one {@link PartitionLedger} for each partition that is reported. */
public final class LagPart implements StreamPart {
    static final String LEDGERS = "lag-ledgers";
    static final String INBOX = "lag-inbox";
    static final String DELAYS = "lag-delays";

    private final LagSettings settings;
    private final ReportCounts counts;

    public LagPart(LagSettings settings, ReportCounts counts) {
        this.settings = settings;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "lag";
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(ReportTopic.PROGRESS);
    }

    @Override
    public Set<StoreBuilder<?>> storeBuilders() {
        return Set.of(
                store(Stores.persistentKeyValueStore(LEDGERS)),
                store(Stores.inMemoryKeyValueStore(INBOX)),
                store(Stores.persistentKeyValueStore(DELAYS)));
    }

    /** Cached, so that what is overwritten or removed before the next commit does not go to the changelog. */
    private static StoreBuilder<?> store(KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> processor() {
        return new LagProcessor(settings, counts);
    }
}
