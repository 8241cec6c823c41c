package dev.weir.topology.member;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.InMemoryPart;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.List;

/** The part of the stream that keeps members of groups. */
public final class MembershipPart {
    static final String STORE = "memberships";

    private MembershipPart() {}

    public static StreamPart of(ReportCounts counts) {
        return new InMemoryPart(
                "membership", ReportTopic.MEMBERSHIPS, List.of(STORE), () -> new MembershipProcessor(counts));
    }
}
