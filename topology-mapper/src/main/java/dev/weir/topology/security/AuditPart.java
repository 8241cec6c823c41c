package dev.weir.topology.security;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The part of the stream that counts denials and administrative requests. */
public final class AuditPart implements StreamPart {
    static final String STORE = "audit";

    private final ReportCounts counts;

    public AuditPart(ReportCounts counts) {
        this.counts = counts;
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(ReportTopic.AUDIT);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
                        .withCachingEnabled()
                        .withLoggingEnabled(Map.of("compression.type", "producer")));
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> processor() {
        return new AuditProcessor(counts);
    }
}
