package dev.weir.topology.member;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The part of the stream that keeps members of groups. */
public final class MembershipPart implements StreamPart {
    static final String STORE = "memberships";

    private final ReportCounts counts;

    public MembershipPart(ReportCounts counts) {
        this.counts = counts;
    }

    @Override
    public String name() {
        return "membership";
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(ReportTopic.MEMBERSHIPS);
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
        return new MembershipProcessor(counts);
    }
}
