package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Clients;
import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.change.Controller;
import dev.weir.canary.change.ControllerStep;
import dev.weir.canary.change.Note;
import dev.weir.canary.member.GroupMember;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NoteTakerTest {
    private static final String CANARY = "payments";
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(2);
    private static final PartitionRef PARTITION = new PartitionRef("payments", 0);
    private static final Gate WAITS = new Gate(PARTITION, 1, 9, Side.STABLE);
    private static final Gate PASSED = new Gate(PARTITION, 1, 5, Side.CANARY);
    private static final Scope SCOPE = new Scope(
            "payments",
            "payments~canary",
            List.of("payments"),
            new Slices(CANARY),
            new Clients("payments", "v1*", List.of()),
            new Clients("payments", "v2*", List.of()));

    private final Controller controller = new Controller(ChangeTimes.DEFAULT, log(), 0);
    private final NoteTaker notes = new NoteTaker(controller, 0);

    @Test
    void whatIsNewIsSaidOnceAndNotTooOften() {
        notes.problem(CANARY, "why");
        notes.left(CANARY, Map.of(WAITS, 4L, PASSED, 5L));

        assertThat(notes.next(PAUSE - 1)).isEmpty();
        List<ChangeEvent> said = notes.next(PAUSE);
        assertThat(said).containsExactly(new ChangeEvent.Noted(CANARY, new Note(List.of(), "why", Map.of(WAITS, 4L))));
        controller.written(new ControllerStep.Write(said), PAUSE);
        assertThat(notes.next(2 * PAUSE)).isEmpty();
        notes.solved(CANARY);
        assertThat(notes.next(3 * PAUSE))
                .containsExactly(new ChangeEvent.Noted(CANARY, new Note(List.of(), "", Map.of(WAITS, 4L))));
    }

    @Test
    void nothingIsSaidWhileAChangeHoldsFetchesBack() {
        notes.problem(CANARY, "why");
        controller.written(
                new ControllerStep.Write(List.of(new ChangeEvent.Prepared(CANARY, 2, Weight.NONE, Handover.ORDERED))),
                0);

        assertThat(notes.next(PAUSE)).isEmpty();
    }

    @Test
    void whatStandsInTheWayOfACanaryThatNeverBeganIsSaidToo() {
        GroupMember stranger = new GroupMember("refunds", "m-1", "v1-a", "/10.1.2.3");
        notes.obstacle("refunds", "why not");
        notes.strangers("refunds", List.of(stranger));
        List<ChangeEvent> said = notes.next(PAUSE);
        assertThat(said)
                .containsExactly(
                        new ChangeEvent.Noted("refunds", new Note(List.of(), "why not", Map.of(), List.of(stranger))));
        controller.written(new ControllerStep.Write(said), PAUSE);
        notes.obstacle("refunds", "");
        notes.strangers("refunds", List.of());
        assertThat(notes.next(2 * PAUSE)).containsExactly(new ChangeEvent.Noted("refunds", Note.NONE));
    }

    @Test
    void whatAChangeWaitsForThoughNoProxyIsMissingIsSaid() {
        ChangeLog log = log();
        Controller waiting = new Controller(ChangeTimes.DEFAULT, log, 0);
        NoteTaker said = new NoteTaker(waiting, 0);
        waiting.wish(CANARY, SCOPE, Weight.NONE, Handover.ORDERED);
        assertThat(problem(said, PAUSE))
                .isEqualTo("all proxies have to notice first that there are canaries, which takes about 10 s");

        granted(log, 10);
        log.apply(new ChangeEvent.Evicted("lost"));
        assertThat(problem(said, 2 * PAUSE))
                .isEqualTo("a proxy is gone, and a change waits for a lease after that, about 20 s");

        granted(log, 22);
        assertThat(said.next(3 * PAUSE)).isEmpty();
    }

    private static String problem(NoteTaker notes, long nowNanos) {
        return notes.next(nowNanos).stream()
                .map(event -> ((ChangeEvent.Noted) event).note().problem())
                .collect(Collectors.joining());
    }

    private static void granted(ChangeLog log, int times) {
        for (int i = 0; i < times; i++) {
            log.apply(new ChangeEvent.Granted(Map.of()));
        }
    }

    private static ChangeLog log() {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(CANARY, SCOPE, Map.of()));
        log.apply(new ChangeEvent.Committed(
                CANARY, new Epoch(1, new Weight(100), Handover.ORDERED, Map.of(PARTITION, 9L))));
        return log;
    }
}
