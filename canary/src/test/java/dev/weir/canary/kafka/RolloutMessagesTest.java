package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.mesh.canary.v1.ChangeRecord;
import dev.weir.mesh.canary.v1.Progress;
import dev.weir.mesh.canary.v1.RolloutRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutMessagesTest {
    private static final Cause CAUSE = new Cause(Cause.Kind.GATE, "timeLag", "too late");

    static Stream<Phase> phases() {
        return Stream.of(
                new Phase.Waiting(),
                new Phase.Holding(""),
                new Phase.Holding("why"),
                new Phase.Paused(CAUSE),
                new Phase.Promoted(new Cause(Cause.Kind.PERSON, "ada", "")),
                new Phase.Aborted(CAUSE),
                new Phase.Done());
    }

    @ParameterizedTest
    @MethodSource("phases")
    void statesComeBackAsTheyWent(Phase phase) {
        assertComesBack(new RolloutEvent.Progressed("payments", 17, state(phase)));
    }

    @ParameterizedTest
    @EnumSource
    void commandsComeBackAsTheyWent(Command.Action action) {
        Command command = new Command("id", "payments", action, Weight.parse("12.5%"), "ada", "why");
        assertComesBack(new RolloutEvent.Obeyed(17, command, state(new Phase.Done())));
        assertComesBack(new RolloutEvent.Refused(17, command, "no"));
    }

    @Test
    void whatANewerVersionWroteIsNotGuessed() {
        byte[] later = ChangeRecord.newBuilder()
                .setProgressed(Progress.newBuilder()
                        .setState(RolloutRecord.newBuilder().setStep(3)))
                .build()
                .toByteArray();
        assertThatThrownBy(() -> ChangeMessages.event(later)).isInstanceOf(UnknownEventException.class);
    }

    private static RolloutState state(Phase phase) {
        return new RolloutState("1% PT1M, 100%", 1, Weight.parse("1%"), 1_790_000_000_000L, phase);
    }

    private static void assertComesBack(RolloutEvent event) {
        ChangeEvent sent = new ChangeEvent.OfRollout(event);
        assertThat(ChangeMessages.event(ChangeMessages.bytes(sent))).isEqualTo(sent);
    }
}
