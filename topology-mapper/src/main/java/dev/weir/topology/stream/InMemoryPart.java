package dev.weir.topology.stream;

import dev.weir.mesh.report.ReportTopic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * A part that reads one topic and keeps its state in memory, as that is small and restored from its changelog. Stores are
 * cached, as one key is written again and again, and hold bytes by bytes.
 *
 * @param stores names of the stores; none for a part without state
 * @param processors a new processor with each call
 */
public record InMemoryPart(
        String name,
        ReportTopic topic,
        List<String> stores,
        Supplier<Processor<byte[], byte[], byte[], byte[]>> processors)
        implements StreamPart {
    /** Small segments, that are cleaned soon: what is in the topic is what has to be read at the start. */
    private static final Map<String, String> CHANGELOG =
            Map.of("compression.type", "producer", "segment.bytes", "33554432");

    public InMemoryPart {
        stores = List.copyOf(stores);
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(topic);
    }

    @Override
    public Set<StoreBuilder<?>> storeBuilders() {
        return stores.stream().map(InMemoryPart::store).collect(Collectors.toUnmodifiableSet());
    }

    private static StoreBuilder<?> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(CHANGELOG);
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> processor() {
        return processors.get();
    }
}
