package dev.weir.topology.edge;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The part of the stream that counts flows. */
public final class EdgePart implements StreamPart {
    static final String EDGES = "edges";
    static final String HOURS = "edge-hours";

    private final Census census;
    private final ReportCounts counts;

    public EdgePart(Census census, ReportCounts counts) {
        this.census = census;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "edge";
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(ReportTopic.FLOWS);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(store(EDGES), store(HOURS));
    }

    /** In memory, as state is small and restored from its changelog; cached, as one edge is written again and again. */
    private static StoreBuilder<?> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of("compression.type", "producer", "segment.bytes", "33554432"));
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> processor() {
        return new EdgeProcessor(census, counts);
    }
}
