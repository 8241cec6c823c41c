package dev.weir.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.weir.mesh.log.Repetition;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning or error of Kafka's clients through once a minute: while Kafka refuses them, or is away, they say the same at each
 * of their attempts, many times in a second. Numbers in it make no other line. Any thread.
 */
final class KafkaRepetitions extends TurboFilter {
    private static final String KAFKAS = "org.apache.kafka.";
    private static final int KINDS_MAX = 500;

    private final Repetition lines;

    KafkaRepetitions(LongSupplier nanoTime) {
        this.lines = new Repetition(KINDS_MAX, nanoTime);
    }

    /** @param message without its parameters, of which Kafka's clients have put in theirs by then; {@code null} where only the level is asked for */
    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String message,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        if (message == null
                || !level.isGreaterOrEqual(Level.WARN)
                || !logger.getName().startsWith(KAFKAS)
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        return lines.isNews(logger.getName() + ' ' + message) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
