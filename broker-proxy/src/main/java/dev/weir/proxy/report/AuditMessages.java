package dev.weir.proxy.report;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Header;
import dev.weir.proxy.audit.AuditRound;
import java.util.ArrayList;
import java.util.List;

/** The audit as records of its topic. */
final class AuditMessages {
    private AuditMessages() {}

    /** @param header of the round; the cluster is filled in here */
    static List<ReportMessage> of(AuditRound round, Header.Builder header) {
        List<ReportMessage> messages = new ArrayList<>(round.size());
        round.forEach((event, times) -> messages.add(new ReportMessage(
                ReportTopic.AUDIT,
                ReportKeys.audit(event.cluster()),
                event.told().toBuilder()
                        .setHeader(header.setCluster(event.cluster()))
                        .setCount(times.count())
                        .setFirstMillis(times.firstMillis())
                        .setLastMillis(times.lastMillis())
                        .build()
                        .toByteArray())));
        return messages;
    }
}
