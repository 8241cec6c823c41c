package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroubleTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(TroubleTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Trouble trouble = new Trouble(logger, ChangeTopics.LOG, "it cannot be followed");

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    void theLogHasALineForEachKindOfReason() {
        for (int i = 0; i < 10; i++) {
            trouble.is(new TimeoutException("no answer within " + (5_000 + i) + " ms from node " + i), "read");
        }
        assertThat(lines.list).hasSize(1);
        assertThat(trouble.now())
                .hasValueSatisfying(problem -> assertThat(problem.problem())
                        .as("who asks hears the newest")
                        .endsWith("no answer within 5009 ms from node 9"));
        trouble.is(new TopicAuthorizationException("no"), "read");
        assertThat(lines.list).hasSize(2);
        trouble.over();
        assertThat(lines.list).hasSize(3);
        assertThat(trouble.now()).isEmpty();
    }

    @Test
    void noNameOfAnExceptionIsInAReason() {
        trouble.is(new ExecutionException(new TimeoutException("no answer")), "read");
        assertReason("no answer");
        trouble.is(new KafkaException("it cannot be made", new IOException("the disk is full")), "read");
        assertReason("it cannot be made: the disk is full");
        trouble.is(new IllegalStateException(), "read");
        assertReason("illegal state");
    }

    private void assertReason(String reason) {
        assertThat(trouble.now())
                .hasValueSatisfying(
                        problem -> assertThat(problem.problem()).endsWith("it cannot be followed: " + reason));
    }
}
