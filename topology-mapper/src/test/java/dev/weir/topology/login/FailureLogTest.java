package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.testkit.time.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(FailureLogTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final TestClock clock = TestClock.going();
    private final FailureLog log = new FailureLog(logger, clock);

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    private List<String> reasons() {
        return lines.list.stream()
                .map(line -> line.getKeyValuePairs().toString())
                .toList();
    }

    @Test
    void aFloodIsALineAndANumber() {
        for (int i = 0; i < 1_000; i++) {
            log.failed("bad token " + i);
        }
        assertThat(reasons()).containsExactly("[reason=\"bad token 0\", suppressed=\"0\"]");

        clock.ahead(Duration.ofMillis(FailureLog.INTERVAL_MILLIS));
        log.failed("another");
        assertThat(reasons()).hasSize(2).last().isEqualTo("[reason=\"another\", suppressed=\"999\"]");
    }

    @Test
    void aReasonIsOneLineOfLimitedLength() {
        log.failed("audience rejected: [a\r\n2026-01-01 ERROR forged\u001b[2J\u2028\u202e]" + "x".repeat(10_000));

        assertThat(reasons())
                .singleElement()
                .asString()
                .contains("[a??2026-01-01 ERROR forged?[2J??]")
                .hasSizeLessThan(400);
    }
}
