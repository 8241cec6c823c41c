package dev.weir.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning or error of Kafka's clients through once a minute: while Kafka refuses them, or is away, they say the same at each
 * of their attempts, many times in a second. Numbers in it make no other line. Any thread.
 */
final class KafkaRepetitions extends TurboFilter {
    private static final String KAFKAS = "org.apache.kafka.";
    private static final long SAY_AGAIN_NANOS = 60_000_000_000L;
    private static final int KINDS_MAX = 500;
    private static final int KIND_LENGTH_MAX = 400;
    private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

    private final LongSupplier nanoTime;

    private final Map<String, Long> saidNanos = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > KINDS_MAX;
        }
    };

    KafkaRepetitions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
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
        return isNews(kind(logger, message)) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private static String kind(Logger logger, String message) {
        String shown = message.length() > KIND_LENGTH_MAX ? message.substring(0, KIND_LENGTH_MAX) : message;
        return logger.getName() + ' ' + NUMBERS.matcher(shown).replaceAll("0");
    }

    private synchronized boolean isNews(String kind) {
        long now = nanoTime.getAsLong();
        Long said = saidNanos.get(kind);
        if (said != null && now - said < SAY_AGAIN_NANOS) {
            return false;
        }
        saidNanos.remove(kind); // the eldest is who was said longest ago
        saidNanos.put(kind, now);
        return true;
    }
}
