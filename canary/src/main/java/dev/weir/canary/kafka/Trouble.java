package dev.weir.canary.kafka;

import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.log.Repetition;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Something that one of the protocol's topics is needed for, and that does not work at times. Whoever asks hears of it as long as it lasts; the log has a line when it begins,
 * when there is a reason of another kind, and once a minute: offsets, times and ports in a reason make no other kind. Any thread.
 */
final class Trouble {
    private final Logger log;
    private final String topic;
    private final String what;
    private final Repetition reasons = new Repetition();
    private volatile @Nullable String reason;

    /**
     * Makes one that does not last.
     *
     * @param what does not work while it lasts, and what becomes of it
     */
    Trouble(Logger log, String topic, String what) {
        this.log = log;
        this.topic = topic;
        this.what = what;
    }

    /**
     * It lasts.
     *
     * @param right what Weir's user has to be allowed to do with the topic
     */
    void is(Throwable cause, String right) {
        String now = reason(cause, right);
        reason = now;
        if (reasons.isNews(now)) {
            log.atLevel(isKafkas(cause) ? Level.WARN : Level.ERROR)
                    .addKeyValue("topic", topic)
                    .addKeyValue("reason", now)
                    .setCause(isKafkas(cause) ? null : cause)
                    .log(what);
        }
    }

    /** It is over. */
    void over() {
        if (reason != null) {
            reason = null;
            reasons.over();
            log.atInfo().addKeyValue("topic", topic).log("a topic of canaries can be used again");
        }
    }

    /** As long as it lasts. */
    Optional<TopicProblem> now() {
        String lasting = reason;
        return lasting == null
                ? Optional.empty()
                : Optional.of(new TopicProblem(topic, topic + ": " + what + ": " + lasting));
    }

    private static boolean isKafkas(Throwable cause) {
        return cause instanceof KafkaException && !(cause instanceof UnknownEventException);
    }

    private String reason(Throwable cause, String right) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            if (one instanceof AuthorizationException) {
                return "Weir's user may not " + right + " topic " + topic;
            }
        }
        String words = FailureWords.ofItself(cause);
        Throwable root = cause.getCause();
        String deeper = root == null || root.getMessage() == null ? "" : FailureWords.ofItself(root);
        return words.contains(deeper) ? words : words + ": " + deeper;
    }
}
