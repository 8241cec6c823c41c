package dev.weir.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaRepetitionsTest {
    private static final String REFUSED =
            "[Producer clientId=weir-reports] Connection to node %d failed authentication";

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nowNanos = Long.MAX_VALUE - 1_000_000_000L;

    @BeforeEach
    void configure() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.addTurboFilter(new KafkaRepetitions(() -> nowNanos));
        lines.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        context.getLogger("org.apache.kafka").setLevel(Level.WARN);
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void theSameIsSaidOnceAMinute() {
        Logger kafkas = context.getLogger("org.apache.kafka.clients.NetworkClient");
        for (int node = 1; node < 100; node++) {
            kafkas.error(REFUSED.formatted(node));
        }
        kafkas.warn("Bootstrap broker disconnected");
        nowNanos += 59_999_999_999L;
        kafkas.error(REFUSED.formatted(100));
        nowNanos += 1;
        kafkas.error(REFUSED.formatted(101));
        assertThat(said())
                .containsExactly(REFUSED.formatted(1), "Bootstrap broker disconnected", REFUSED.formatted(101));
    }

    @Test
    void whatIsNotShownTakesNothingFromWhatIs() {
        Logger kafkas = context.getLogger("org.apache.kafka.clients.NetworkClient");
        kafkas.setLevel(Level.ERROR);
        kafkas.warn("disconnected");
        kafkas.setLevel(Level.WARN);
        kafkas.warn("disconnected");
        assertThat(said()).containsExactly("disconnected");
    }

    @Test
    void othersRepeatThemselvesAsTheyLike() {
        Logger weirs = context.getLogger("dev.weir.proxy.connection.Connection");
        weirs.warn("connection closed");
        weirs.warn("connection closed");
        Logger kafkas = context.getLogger("org.apache.kafka.clients.NetworkClient");
        kafkas.setLevel(Level.INFO);
        kafkas.info("Node 1 disconnected.");
        kafkas.info("Node 1 disconnected.");
        assertThat(said()).hasSize(4);
    }
}
