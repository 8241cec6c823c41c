package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RolloutLogTest {
    private static final Weight TENTH = new Weight(1_000);
    private static final Command SET = new Command("1", "payments-v2", Command.Action.SET, TENTH, "ada", "more of it");

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(RolloutLog.class);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void aStepIsToldWithItsWeight() {
        assertThat(line(progressed(new Phase.Waiting())))
                .isEqualTo("a canary's rollout goes on canary=payments-v2 phase=waiting step=2 weight=10%");
        assertThat(line(progressed(new Phase.Holding("lag is not known"))))
                .isEqualTo("a canary's rollout goes on canary=payments-v2 phase=holding step=2 weight=10%"
                        + " reason=lag is not known");
    }

    @Test
    void aGateIsToldWithItsReason() {
        Cause gate = new Cause(Cause.Kind.GATE, "timeLag", "8 s, at most 4 s is allowed");
        assertThat(line(progressed(new Phase.Aborted(gate))))
                .isEqualTo("a canary's rollout goes on canary=payments-v2 phase=aborted step=2 weight=10%"
                        + " gate=timeLag reason=8 s, at most 4 s is allowed");
    }

    @Test
    void aCommandIsToldWithWhoSaidIt() {
        Phase phase = new Phase.Paused(new Cause(Cause.Kind.PERSON, "ada", "more of it"));
        assertThat(line(new RolloutEvent.Obeyed(0, SET, state(phase))))
                .isEqualTo("a canary's rollout obeys a command canary=payments-v2 command=set 10% by=ada"
                        + " phase=paused step=2 weight=10% reason=more of it");
        assertThat(line(new RolloutEvent.Refused(0, SET, "it is a shadow")))
                .isEqualTo("a canary's rollout does not obey a command canary=payments-v2 command=set 10% by=ada"
                        + " reason=it is a shadow");
    }

    private static RolloutEvent progressed(Phase phase) {
        return new RolloutEvent.Progressed("payments-v2", 0, state(phase));
    }

    private static RolloutState state(Phase phase) {
        return new RolloutState("", 1, TENTH, 0, phase);
    }

    /** The line as a person reads it. */
    private String line(RolloutEvent event) {
        RolloutLog.tell(event);
        ILoggingEvent told = lines.list.get(lines.list.size() - 1);
        return told.getMessage() + " "
                + told.getKeyValuePairs().stream()
                        .map(pair -> pair.key + "=" + pair.value)
                        .collect(Collectors.joining(" "));
    }
}
