package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallGateTest {
    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private long nowNanos = 42;
    private double random = 1;
    private final CallGate gate = new CallGate(2, 3, () -> nowNanos, () -> random);

    private CompletableFuture<String> call() {
        return gate.call(() -> {
            CompletableFuture<String> question = new CompletableFuture<>();
            asked.add(question);
            return question;
        });
    }

    private void pass(long millis) {
        nowNanos += Duration.ofMillis(millis).toNanos();
    }

    private void fail(RegistryFailure failure, long retryAfterMillis) {
        asked.get(asked.size() - 1)
                .completeExceptionally(new RegistryException(failure, failure.name(), retryAfterMillis));
    }

    private static String failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return ((RegistryException) future.handle((value, e) -> RegistryException.causeOf(e))
                        .join())
                .failure()
                .name();
    }

    @Test
    void letsInAsManyAsItMayAndKeepsTheOrderOfTheOthers() {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(call());
        }
        assertThat(asked).hasSize(2);
        assertThat(failure(calls.get(5))).isEqualTo("OVERLOADED");

        asked.get(1).complete("b");
        assertThat(calls.get(1)).isCompletedWithValue("b");
        assertThat(asked).hasSize(3);
        asked.get(2).complete("c");
        assertThat(calls.get(2)).isCompletedWithValue("c");
        assertThat(calls.get(3)).isNotDone();
    }

    @Test
    void aFailureEndsWhatWaitsAndThenOneAtATimeFindsOut() {
        call();
        call();
        CompletableFuture<String> waiting = call();
        fail(RegistryFailure.UNREACHABLE, 0);
        assertThat(failure(waiting)).isEqualTo("UNREACHABLE");
        asked.get(0).completeExceptionally(new RegistryException(RegistryFailure.TIMEOUT, "late"));

        assertThat(failure(call())).isEqualTo("TIMEOUT");
        assertThat(asked).hasSize(2);

        pass(200);
        CompletableFuture<String> probe = call();
        assertThat(asked).hasSize(3);
        assertThat(failure(call())).isEqualTo("TIMEOUT");
        asked.get(2).complete("well");
        assertThat(probe).isCompletedWithValue("well");
        call();
        call();
        assertThat(asked).hasSize(5);
        assertThat(gate.lastFailure()).isNull();
    }

    @Test
    void thePauseDoublesToTenSecondsAndIsNotTheSameForAll() {
        long[] pauses = {100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000};
        for (long pause : pauses) {
            call();
            fail(RegistryFailure.SERVER_ERROR, 0);
            pass(pause - 1);
            int before = asked.size();
            call();
            assertThat(asked).hasSize(before);
            pass(1);
        }
        random = 0;
        call();
        fail(RegistryFailure.SERVER_ERROR, 0);
        pass(5_000);
        int before = asked.size();
        call();
        assertThat(asked).hasSize(before + 1);
    }

    @Test
    void aRegistryThatSaysWhenIsLeftAloneUntilThenButNotForever() {
        call();
        fail(RegistryFailure.THROTTLED, 5_000);
        pass(4_999);
        assertThat(failure(call())).isEqualTo("THROTTLED");
        pass(1);
        call();
        fail(RegistryFailure.THROTTLED, 3_600_000);
        pass(60_000);
        call();
        assertThat(asked).hasSize(3);
    }

    @Test
    void anAnswerOfNoUseIsNoReasonToStopAsking() {
        CompletableFuture<String> one = call();
        fail(RegistryFailure.NOT_UNDERSTOOD, 0);
        assertThat(failure(one)).isEqualTo("NOT_UNDERSTOOD");
        call();
        assertThat(asked).hasSize(2);

        CompletableFuture<String> broken = gate.call(() -> {
            throw new IllegalStateException("a mistake of ours");
        });
        assertThat(broken).isCompletedExceptionally();
        call();
        assertThat(asked).hasSize(3);
    }
}
