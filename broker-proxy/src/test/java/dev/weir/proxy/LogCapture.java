package dev.weir.proxy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What is logged under a name, from now until it is closed. Any thread. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

    private LogCapture(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
    }

    public static LogCapture of(String name) {
        LogCapture capture = new LogCapture(name);
        capture.setContext(capture.logger.getLoggerContext());
        capture.start();
        capture.logger.addAppender(capture);
        return capture;
    }

    @Override
    protected void append(ILoggingEvent event) {
        events.add(event);
    }

    public List<ILoggingEvent> events() {
        return List.copyOf(events);
    }

    /** Those with this value of this key. */
    public List<ILoggingEvent> with(String key, String value) {
        return events.stream()
                .filter(event -> String.valueOf(value(event, key)).equals(value))
                .toList();
    }

    /** The value of a key of an event, or {@code null}. */
    public static Object value(ILoggingEvent event, String key) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null
                ? null
                : pairs.stream()
                        .filter(pair -> pair.key.equals(key))
                        .map(pair -> pair.value)
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
