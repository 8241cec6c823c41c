package dev.weir.topology.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The view while Weir's user may not read its topic: tried again and again, and said once. */
class ViewTableIT {
    private static final AclBinding OTHERS = new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, StateTopic.NAME, PatternType.LITERAL),
            new AccessControlEntry("User:somebody", "*", AclOperation.ALL, AclPermissionType.ALLOW));

    /** A moment that does not pass, so that no minute does. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void aRightThatIsMissingIsSaidOnceAndReadingBeginsWhenItIsThere() {
        Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event);
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger(ViewTable.class);
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        appender.start();
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .authorizer()
                .property("allow.everyone.if.no.acl.found", "true")
                .start()) {
            kafka.createTopic(StateTopic.NAME, 1);
            kafka.createAcls(List.of(OTHERS));
            StreamSettings settings = new StreamSettings(
                    Map.of("bootstrap.servers", kafka.bootstrap()), StreamSettings.PREFIX + "view", "one", folder);
            try (ViewTable table = new ViewTable(settings, List.of(), CLOCK)) {
                table.start();
                Patience.awaitSettled().until(() -> failures(lines).size() >= 3);
                assertThat(failures(lines))
                        .filteredOn(level -> level == Level.WARN)
                        .hasSize(1);
                kafka.deleteAcls(List.of(OTHERS));
                Patience.awaitSettled().until(() -> table.status().state() == ViewTable.State.READ);
            }
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(before);
        }
    }

    private static List<Level> failures(Queue<ILoggingEvent> lines) {
        return lines.stream()
                .filter(line -> line.getMessage().equals("Topology's view goes on with a new consumer"))
                .map(ILoggingEvent::getLevel)
                .toList();
    }
}
