package dev.weir.topology.proxies;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;

/** The part of the stream that passes on what proxies say about themselves; the view keeps the newest of each. */
public final class ProxyPart implements StreamPart {
    private final ReportCounts counts;

    public ProxyPart(ReportCounts counts) {
        this.counts = counts;
    }

    @Override
    public String name() {
        return "proxy";
    }

    @Override
    public Set<ReportTopic> reads() {
        return Set.of(ReportTopic.PROXIES);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of();
    }

    @Override
    public Processor<byte[], byte[], byte[], byte[]> processor() {
        return new ContextualProcessor<>() {
            @Override
            public void process(Record<byte[], byte[]> report) {
                if (report.value() == null) {
                    return;
                }
                try {
                    String proxy =
                            ProxyReport.parseFrom(report.value()).getHeader().getProxy();
                    counts.taken();
                    context()
                            .forward(report.withKey(Hash64.key(
                                    RecordKind.PROXY, new Hash64().add(proxy).value())));
                } catch (InvalidProtocolBufferException e) {
                    counts.malformed();
                }
            }
        };
    }
}
