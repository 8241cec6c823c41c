package dev.weir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutState;
import org.junit.jupiter.api.Test;

class CanaryLogTest {
    @Test
    void saysWhatTookTheKeysAway() {
        Cause gate = new Cause(Cause.Kind.GATE, "timeLag", "time lag of the canary is 8.9 s, at most 4 s is allowed");
        assertThat(why(new Phase.Aborted(gate)))
                .isEqualTo(": aborted by gate timeLag: time lag of the canary is 8.9 s, at most 4 s is allowed");
        Cause person = new Cause(Cause.Kind.PERSON, "anonymous", "");
        assertThat(why(new Phase.Paused(person))).isEqualTo(": set by anonymous");
        assertThat(why(new Phase.Promoted(person))).isEqualTo(": promoted by anonymous");
    }

    @Test
    void theNextStepNeedsNoReason() {
        assertThat(why(new Phase.Waiting())).isEmpty();
        assertThat(why(new Phase.Holding("lag is not known"))).isEmpty();
        assertThat(CanaryLog.why(null)).isEmpty();
    }

    private static String why(Phase phase) {
        return CanaryLog.why(new RolloutState("", 0, Weight.NONE, 0, phase));
    }
}
