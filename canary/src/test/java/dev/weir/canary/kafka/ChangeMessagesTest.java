package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.canary.Buckets;
import dev.weir.canary.Clients;
import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.Matching;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import dev.weir.canary.change.Beat;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.Note;
import dev.weir.canary.member.GroupMember;
import dev.weir.mesh.canary.v1.ChangeRecord;
import dev.weir.mesh.canary.v1.InboxRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeMessagesTest {
    private static final PartitionRef FIRST = new PartitionRef("payments", 0);
    private static final PartitionRef THIRD = new PartitionRef("payments", 2);

    static Stream<ChangeEvent> events() {
        return Stream.of(
                new ChangeEvent.Admitted("proxy/1"),
                new ChangeEvent.Evicted("proxy/1"),
                new ChangeEvent.Left("proxy/1"),
                new ChangeEvent.Granted(Map.of("proxy/1", 7L)),
                seeded(new Slices("payments")),
                seeded(Matching.keys(Set.of("a", ""))),
                seeded(Matching.header("variant", Set.of("b"))),
                seeded(new WholePartitions()),
                seeded(new Slices("payments"), new Shadow(List.of())),
                seeded(new Slices("payments"), new Shadow(List.of("receipts", "alerts"))),
                new ChangeEvent.Prepared("payments", 3, new Weight(50), Handover.ORDERED),
                new ChangeEvent.Committed(
                        "payments", new Epoch(3, new Weight(50), Handover.UNORDERED, Map.of(FIRST, 0L, THIRD, 9L))),
                new ChangeEvent.Aborted("payments", 3, "why"),
                new ChangeEvent.HandedOver("payments", 3, List.of(FIRST, THIRD)),
                new ChangeEvent.Drained("payments", 3),
                new ChangeEvent.Noted(
                        "payments",
                        new Note(
                                List.of("proxy/1"),
                                "why",
                                Map.of(new Gate(FIRST, 3, 9, Side.STABLE), 4L, new Gate(THIRD, 3, 9, Side.CANARY), 9L),
                                List.of(new GroupMember("g", "m-1", "v1-a", "/10.1.2.3")))));
    }

    private static ChangeEvent seeded(Buckets buckets) {
        return seeded(buckets, null);
    }

    private static ChangeEvent seeded(Buckets buckets, Shadow shadow) {
        return new ChangeEvent.Seeded(
                "payments",
                new Scope(
                        "g",
                        "g~canary",
                        List.of("payments", "orders"),
                        buckets,
                        new Clients("payments", "v1", List.of()),
                        new Clients("payments", "v*", List.of("v1", "v\\*")),
                        shadow),
                Map.of(FIRST, 4L, THIRD, 5L));
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventIsReadAsItWasWritten(ChangeEvent event) {
        assertThat(ChangeMessages.event(ChangeMessages.bytes(event))).isEqualTo(event);
    }

    /** One that knows keys alone would share by them. */
    @Test
    void seedsOfWholePartitionsAreNoneToAnOlderVersion() throws Exception {
        ChangeRecord record = ChangeRecord.parseFrom(ChangeMessages.bytes(seeded(new WholePartitions())));

        assertThat(record.hasSeeded()).isFalse();
        assertThat(record.hasSeededByPartition()).isTrue();
    }

    @Test
    void aBeatIsReadAsItWasSent() throws Exception {
        Beat beat = new Beat("proxy/1", 5, Map.of("payments", 3L), Map.of("payments", 12), true);

        assertThat(ChangeMessages.beat(
                        InboxRecord.parseFrom(ChangeMessages.bytes(beat)).getBeat()))
                .isEqualTo(beat);
    }

    @Test
    void anEventThatIsNotKnownIsNotPassedOver() {
        assertThatThrownBy(() -> ChangeMessages.event(new byte[] {(byte) 0xFA, 1, 0}))
                .isInstanceOf(UnknownEventException.class);
    }
}
