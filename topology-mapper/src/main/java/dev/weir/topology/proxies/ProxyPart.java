package dev.weir.topology.proxies;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.InMemoryPart;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The part of the stream that passes on what proxies say about themselves; the view keeps the newest of each. Where copies of a proxy go is
 * passed on for each of its runs: it is to be known for a while after the proxy has started anew, also to a view that starts then.
 */
public final class ProxyPart {

    private ProxyPart() {}

    public static StreamPart of(ReportCounts counts) {
        return new InMemoryPart("proxy", ReportTopic.PROXIES, List.of(), () -> new PassOn(counts));
    }

    /** Each target once, and nothing else. */
    private static ProxyReport targets(ProxyReport said) {
        Set<ProxyReport.Mirror> targets = new LinkedHashSet<>();
        said.getMirrorsList()
                .forEach(mirror -> targets.add(ProxyReport.Mirror.newBuilder()
                        .setTargetCluster(mirror.getTargetCluster())
                        .setTargetTopic(mirror.getTargetTopic())
                        .build()));
        return ProxyReport.newBuilder()
                .setHeader(said.getHeader())
                .addAllMirrors(targets)
                .addAllUntoldMirrorClusters(said.getUntoldMirrorClustersList())
                .build();
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
                ProxyReport said = ProxyReport.parseFrom(report.value());
                long proxy = new Hash64().add(said.getHeader().getProxy()).value();
                counts.taken();
                context().forward(report.withKey(Hash64.key(RecordKind.PROXY, proxy)));
                if (said.getMirrorsCount() > 0 || said.getUntoldMirrorClustersCount() > 0) {
                    context()
                            .forward(report.withKey(Hash64.key(
                                            RecordKind.MIRROR_RUN,
                                            proxy,
                                            said.getHeader().getEpochMillis()))
                                    .withValue(targets(said).toByteArray()));
                }
            } catch (InvalidProtocolBufferException e) {
                counts.malformed();
            }
        }
    }
}
