package dev.weir.testkit.await;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The deadlines that tests share. They are generous, since a condition that holds ends the wait at once; the system property
 * {@code weir.test.patience} (a factor, 1 unless set) stretches them for a slow machine.
 */
public final class Patience {

    private static final double FACTOR = Double.parseDouble(System.getProperty("weir.test.patience", "1"));
    private static final Duration POLL = Duration.ofMillis(20);

    /** For one answer from something that runs on this machine. */
    public static final Duration ANSWER = stretched(Duration.ofSeconds(30));

    /** For a cluster to settle after a broker came or went, or a client process to do its work. */
    public static final Duration SETTLED = stretched(Duration.ofSeconds(60));

    private Patience() {}

    /** Awaits a condition for at most {@link #ANSWER}. */
    public static ConditionFactory awaitAnswer() {
        return atMost(ANSWER);
    }

    /** Awaits a condition for at most {@link #SETTLED}. */
    public static ConditionFactory awaitSettled() {
        return atMost(SETTLED);
    }

    private static ConditionFactory atMost(Duration duration) {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(duration);
    }

    private static Duration stretched(Duration duration) {
        return Duration.ofMillis(Math.round(duration.toMillis() * FACTOR));
    }
}
