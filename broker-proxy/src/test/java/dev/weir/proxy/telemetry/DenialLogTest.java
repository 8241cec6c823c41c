package dev.weir.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Principal;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DenialLogTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private final DenialLog log = new DenialLog();

    @Test
    void theSameDenialIsLoggedOnceInTenSecondsWithTheNumberOfTheOthers() {
        assertThat(log.admit(denial("orders"), 0)).isZero();
        assertThat(log.admit(denial("orders"), SECOND_NANOS)).isNegative();
        assertThat(log.admit(denial("orders"), 2 * SECOND_NANOS)).isNegative();
        assertThat(log.admit(denial("orders"), 11 * SECOND_NANOS)).isEqualTo(2);
        assertThat(log.admit(denial("orders"), 22 * SECOND_NANOS)).isZero();
    }

    @Test
    void anotherDenialIsLoggedAtOnce() {
        assertThat(log.admit(denial("orders"), 0)).isZero();
        assertThat(log.admit(denial("payments"), 0)).isZero();
    }

    private static Denial denial(String topic) {
        return new Denial(
                "plain",
                Principal.user("shipping"),
                Optional.of("shipping"),
                "client",
                ResourceType.TOPIC,
                topic,
                Operation.READ,
                new Decision(false, true, new RuleRef("orders/not-shipping", "orders.yaml", 13, "f0cb255")));
    }
}
