package dev.weir.topology.stream;

import dev.weir.mesh.report.ReportTopic;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/** The graph of the Streams application: a source for each report topic, and for each part a processor and a sink. */
public final class ReportStream {

    private ReportStream() {}

    public static Topology of(List<StreamPart> parts) {
        Topology stream = new Topology();
        Set<ReportTopic> topics = new TreeSet<>();
        parts.forEach(part -> topics.addAll(part.reads()));
        topics.forEach(topic -> stream.addSource(
                AutoOffsetReset.earliest(),
                topic.topicName(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.topicName()));
        for (StreamPart part : parts) {
            stream.addProcessor(
                    part.name(),
                    new Supplier(part),
                    part.reads().stream().map(ReportTopic::topicName).toArray(String[]::new));
            stream.addSink(
                    part.name() + "-state",
                    StateTopic.NAME,
                    new ByteArraySerializer(),
                    new ByteArraySerializer(),
                    part.name());
        }
        return stream;
    }

    private record Supplier(StreamPart part) implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
        @Override
        public Processor<byte[], byte[], byte[], byte[]> get() {
            return part.processor();
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return part.storeBuilders();
        }
    }
}
