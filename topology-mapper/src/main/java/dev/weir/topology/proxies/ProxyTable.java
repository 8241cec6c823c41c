package dev.weir.topology.proxies;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.mirror.MirrorTable;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.view.ProxyView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest report of each proxy; a day after its last, a proxy is forgotten. What mirrors did goes to {@link MirrorTable}. */
public final class ProxyTable implements ViewPart {
    private static final long SILENT_MILLIS = 30_000;
    private static final long KEEP_MILLIS = 24 * 3_600_000L;

    private final MirrorTable mirrors;
    private final Map<Long, ProxyReport> reports = new HashMap<>();
    private long newestMillis = -1;

    public ProxyTable(MirrorTable mirrors) {
        this.mirrors = mirrors;
    }

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.PROXY, RecordKind.MIRROR_RUN);
    }

    @Override
    public void accept(RecordKind kind, byte[] key, byte @Nullable [] value) {
        ProxyReport known = reports.get(Hash64.ofKey(key));
        if (kind == RecordKind.MIRROR_RUN) {
            acceptRun(known, value);
            return;
        }
        if (value == null) {
            if (known != null) {
                mirrors.forget(known);
                reports.remove(Hash64.ofKey(key));
            }
            return;
        }
        try {
            ProxyReport report = ProxyReport.parseFrom(value);
            if (known == null || isNewer(report, known)) {
                reports.put(Hash64.ofKey(key), report);
                mirrors.take(known, report);
            }
            newestMillis = Math.max(newestMillis, report.getHeader().getToMillis());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a proxy's report that was read before", e);
        }
    }

    /** Of the run that is known, its reports say more. */
    private void acceptRun(@Nullable ProxyReport known, byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        try {
            ProxyReport run = ProxyReport.parseFrom(value);
            if (known == null
                    || known.getHeader().getEpochMillis() != run.getHeader().getEpochMillis()) {
                mirrors.takeRun(run);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("targets of a proxy's mirrors that were read before", e);
        }
    }

    /** By run, then by round: what comes late changes nothing. */
    private static boolean isNewer(ProxyReport report, ProxyReport known) {
        int order = Long.compare(
                known.getHeader().getEpochMillis(), report.getHeader().getEpochMillis());
        if (order == 0) {
            order = Long.compareUnsigned(
                    known.getHeader().getSequence(), report.getHeader().getSequence());
        }
        return order < 0;
    }

    @Override
    public void tick(long nowMillis) {
        reports.values().removeIf(report -> {
            boolean old = report.getHeader().getToMillis() < nowMillis - KEEP_MILLIS;
            if (old) {
                mirrors.forget(report);
            }
            return old;
        });
        mirrors.tick(nowMillis);
    }

    /** End of the time that the newest report was about; -1 before the first. */
    public long newestMillis() {
        return newestMillis;
    }

    /** Those that clients reach through proxies, by what their listeners lead to. */
    public Set<String> clusters() {
        return reports.values().stream()
                .flatMap(report -> report.getListenersList().stream())
                .map(ProxyReport.Listener::getCluster)
                .collect(Collectors.toSet());
    }

    /** By name. */
    public List<ProxyView> proxies(long nowMillis) {
        return reports.values().stream()
                .map(report -> view(report, nowMillis))
                .sorted(Comparator.comparing(ProxyView::proxy))
                .toList();
    }

    private static ProxyView view(ProxyReport report, long nowMillis) {
        long lastSeen = report.getHeader().getToMillis();
        return new ProxyView(
                report.getHeader().getProxy(),
                report.getWeirVersion(),
                report.getStopping()
                        ? ProxyView.State.STOPPED
                        : nowMillis - lastSeen > SILENT_MILLIS ? ProxyView.State.SILENT : ProxyView.State.LIVE,
                report.getPolicyRevision(),
                report.getPolicyState(),
                report.getPolicyProblem(),
                report.getPolicySinceMillis(),
                report.getConnections(),
                report.getReportsDropped(),
                report.getListenersList().stream().map(ProxyTable::listener).toList(),
                report.getHeader().getEpochMillis(),
                lastSeen);
    }

    private static ProxyView.Listener listener(ProxyReport.Listener listener) {
        return new ProxyView.Listener(
                listener.getName(),
                listener.getCluster(),
                listener.getBootstrap(),
                listener.getTls(),
                listener.getSasl(),
                listener.getClientCertificates(),
                listener.getCertificateNotBeforeMillis(),
                listener.getCertificateNotAfterMillis());
    }
}
