package dev.weir.topology.proxies;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.InMemoryPart;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.List;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** The part of the stream that passes on what proxies say about themselves; the view keeps the newest of each. */
public final class ProxyPart {

    private ProxyPart() {}

    public static StreamPart of(ReportCounts counts) {
        return new InMemoryPart("proxy", ReportTopic.PROXIES, List.of(), () -> new PassOn(counts));
    }

    private static final class PassOn extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final ReportCounts counts;

        PassOn(ReportCounts counts) {
            this.counts = counts;
        }

        @Override
        public void process(Record<byte[], byte[]> report) {
            if (report.value() == null) {
                return;
            }
            try {
                String proxy = ProxyReport.parseFrom(report.value()).getHeader().getProxy();
                counts.taken();
                context()
                        .forward(report.withKey(Hash64.key(
                                RecordKind.PROXY, new Hash64().add(proxy).value())));
            } catch (InvalidProtocolBufferException e) {
                counts.malformed();
            }
        }
    }
}
