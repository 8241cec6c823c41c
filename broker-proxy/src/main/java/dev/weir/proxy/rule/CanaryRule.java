package dev.weir.proxy.rule;

import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.WholePartitions;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.member.GroupClient;
import dev.weir.canary.member.Standing;
import dev.weir.mesh.report.v1.Audit.ReadRefusal;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.CanaryMember;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.RecordFilter;
import dev.weir.proxy.report.RefusedRead;
import dev.weir.proxy.report.SharedRecords;
import dev.weir.proxy.telemetry.CanaryHold;
import dev.weir.proxy.telemetry.CanaryRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Takes out of what a side of a canary fetches whatever the other side owns, or has not handed over yet. */
final class CanaryRule implements FetchRule {
    /** Of plain records: they are read, hashed, and those that stay are copied. */
    private static final int LOOP_BYTES_MAX = 256 << 10;
    /** Where nobody looks into batches, whatever they are compressed by. */
    private static final int UNOPENED_LOOP_BYTES_MAX = Integer.MAX_VALUE;

    @Override
    public boolean isUsed(PolicySnapshot policy, Canaries canaries) {
        return !canaries.isEmpty();
    }

    @Override
    public boolean concerns(RecordRead.Reader reader, String topic) {
        return member(reader, topic) != null;
    }

    @Override
    public int loopBytesMax(RecordRead.Reader reader, String topic) {
        CanaryMember member = member(reader, topic);
        return member != null && member.canary().scope().buckets() instanceof WholePartitions
                ? UNOPENED_LOOP_BYTES_MAX
                : LOOP_BYTES_MAX;
    }

    private static @Nullable CanaryMember member(RecordRead.Reader reader, String topic) {
        return reader.service().isEmpty()
                ? null
                : reader.canaries().reading(reader.service().get(), reader.clientId(), topic);
    }

    /** Whether the other side owns anything that this one does not get: before, who reads without the group loses nothing. */
    private static boolean isLeftOut(CanaryMember member, CanaryState state) {
        return member.side() == Side.CANARY || state.raised();
    }

    /**
     * Whether who reads is a member of the group. It would not notice that it gets a share only, and what it has not committed nobody waits for.
     *
     * @throws ReadRefusedException when it is none
     */
    private static boolean isIn(CanaryMember member, RecordRead read, FetchScope scope, SideTally tally) {
        String group = member.canary().group();
        String clientId = read.reader().clientId();
        Standing standing = scope.canaries()
                .standing(new GroupClient(read.reader().service().orElse(""), clientId, group));
        if (standing instanceof Standing.Absent absent) {
            tally.refused(absent.otherGroup().isPresent() ? CanaryRefusal.OTHER_GROUP : CanaryRefusal.NO_GROUP);
            throw new ReadRefusedException(
                    Errors.TOPIC_AUTHORIZATION_FAILED,
                    new RefusedRead(
                            read.topic(),
                            read.partition(),
                            member.canary().rule(),
                            ReadRefusal.CANARY_GROUP,
                            absent.otherGroup().isPresent()
                                    ? "reads in another group than the canary's"
                                    : "reads without being in the canary's group",
                            "canary " + member.canary().rule() + " shares the topic among members of group " + group
                                    + ", and client id " + clientId + " is in "
                                    + absent.otherGroup()
                                            .map(other -> "group " + other)
                                            .orElse("no group")));
        }
        return standing instanceof Standing.Member;
    }

    @Override
    public @Nullable ByteBuf apply(RecordRead read, ByteBuffer records, FetchScope scope) {
        CanaryMember member = member(read.reader(), read.topic());
        if (member == null) {
            return null;
        }
        SideTally tally = scope.tally(member);
        if (read.shared()) {
            tally.refused(CanaryRefusal.SHARE_GROUP);
            throw new InvalidBatchException(
                    Errors.TOPIC_AUTHORIZATION_FAILED,
                    "canary " + member.canary().name()
                            + " shares the topic between two consumer groups, and a share group"
                            + " cannot be one of them");
        }
        scope.canaries().served(read.topic(), read.partition());
        CanaryState state = scope.canaries().serving(member.canary());
        if (state == null
                || (state.scope() != null
                        && !state.scope().equals(member.canary().scope()))) {
            // not now; or another canary of the same name has begun since
            boolean known = scope.canaries().state(member.canary().name()) != null;
            return withheld(known ? CanaryHold.CHANGE : CanaryHold.UNKNOWN, scope, tally);
        }
        if (isLeftOut(member, state) && !isIn(member, read, scope, tally)) {
            return withheld(CanaryHold.MEMBERSHIP, scope, tally);
        }
        SharedRecords left = new SharedRecords(read.topic(), read.partition());
        SideSelection selection = new SideSelection(
                member.side(),
                state.table().of(new PartitionRef(read.topic(), read.partition())),
                member.canary().scope().buckets(),
                read.partition(),
                left);
        ByteBuf rest = filtered(records, selection, read, scope, tally);
        scope.shared(left);
        tally.filtered(records, rest, selection.waitsFrom());
        if (selection.isWaiting()) {
            scope.withhold();
        }
        return rest;
    }

    private static ByteBuf withheld(CanaryHold reason, FetchScope scope, SideTally tally) {
        tally.held(reason);
        scope.withhold();
        return Unpooled.EMPTY_BUFFER;
    }

    private static @Nullable ByteBuf filtered(
            ByteBuffer records, SideSelection selection, RecordRead read, FetchScope scope, SideTally tally) {
        try {
            return new RecordFilter(scope.rules().allocator(), scope.rules().limits())
                    .filter(records, selection, read.reader().readsCommitted());
        } catch (InvalidBatchException e) {
            tally.refused(CanaryRefusal.RECORDS);
            throw e;
        }
    }
}
