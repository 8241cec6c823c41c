package dev.weir.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/** Keeps the warnings and errors that were logged last, few of each kind, for {@code /status}. Any thread. */
public final class RecentErrors extends AppenderBase<ILoggingEvent> {
    static final int KEPT_MAX = 20;
    /** So that what is said once a second leaves room for what was said once. */
    static final int KEPT_OF_A_KIND_MAX = 3;

    private static final int MESSAGE_LENGTH_MAX = 1_000;
    /** What a line is about, and which does not differ each time. */
    private static final Set<String> ABOUT = Set.of("kind", "cluster", "topic", "canary", "mirror", "registry");

    private final Deque<Kept> entries = new ArrayDeque<>();

    /**
     * An entry, and of which kind it is.
     *
     * @param kind who says what, without what differs from time to time
     */
    private record Kept(String kind, Entry entry) {}

    /** One line of the log. */
    public record Entry(Instant at, String level, String message) {}

    /** The newest first. */
    public List<Entry> newestFirst() {
        synchronized (entries) {
            return entries.stream().map(Kept::entry).toList();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
            return;
        }
        String kind = event.getLoggerName() + ' ' + event.getFormattedMessage();
        StringBuilder message = new StringBuilder(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                message.append(' ').append(pair.key).append('=').append(pair.value);
                if (ABOUT.contains(pair.key)) {
                    kind += " " + pair.value;
                }
            }
        }
        if (event.getThrowableProxy() != null) {
            message.append(": ").append(event.getThrowableProxy().getMessage());
        }
        message.setLength(Math.min(message.length(), MESSAGE_LENGTH_MAX));
        Entry entry = new Entry(
                Instant.ofEpochMilli(event.getTimeStamp()), event.getLevel().toString(), message.toString());
        synchronized (entries) {
            entries.addFirst(new Kept(kind, entry));
            forgetOldest(kind);
            if (entries.size() > KEPT_MAX) {
                entries.removeLast();
            }
        }
    }

    private void forgetOldest(String kind) {
        int ofKind = 0;
        for (Iterator<Kept> newestFirst = entries.iterator(); newestFirst.hasNext(); ) {
            if (newestFirst.next().kind.equals(kind) && ++ofKind > KEPT_OF_A_KIND_MAX) {
                newestFirst.remove();
            }
        }
    }
}
