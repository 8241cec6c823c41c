package dev.weir.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** Keeps the warnings and errors that were logged last, for {@code /status}. Any thread. */
public final class RecentErrors extends AppenderBase<ILoggingEvent> {
    static final int KEPT_MAX = 20;
    private static final int MESSAGE_LENGTH_MAX = 1_000;

    private final Deque<Entry> entries = new ArrayDeque<>();

    /** One line of the log. */
    public record Entry(Instant at, String level, String message) {}

    /** The newest first. */
    public List<Entry> newestFirst() {
        synchronized (entries) {
            return new ArrayList<>(entries);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
            return;
        }
        StringBuilder message = new StringBuilder(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                message.append(' ').append(pair.key).append('=').append(pair.value);
            }
        }
        if (event.getThrowableProxy() != null) {
            message.append(": ").append(event.getThrowableProxy().getMessage());
        }
        message.setLength(Math.min(message.length(), MESSAGE_LENGTH_MAX));
        Entry entry = new Entry(
                Instant.ofEpochMilli(event.getTimeStamp()), event.getLevel().toString(), message.toString());
        synchronized (entries) {
            entries.addFirst(entry);
            if (entries.size() > KEPT_MAX) {
                entries.removeLast();
            }
        }
    }
}
