package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.proxy.LogCapture;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.testkit.await.Patience;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The topics of reports while Weir's user may not create them: tried again and again, and said once. */
class ReportTopicsIT {
    private static final AccessControlEntry SOMEBODY =
            new AccessControlEntry("User:somebody", "*", AclOperation.ALL, AclPermissionType.ALLOW);
    private static final List<AclBinding> OTHERS = List.of(
            new AclBinding(new ResourcePattern(ResourceType.TOPIC, "_weir-", PatternType.PREFIXED), SOMEBODY),
            new AclBinding(new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL), SOMEBODY));

    @Test
    void aRightThatIsMissingIsSaidOnceAndTheTopicsComeWhenItIsThere() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(ReportTopics.class);
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .authorizer()
                        .property("allow.everyone.if.no.acl.found", "true")
                        .start();
                LogCapture log = LogCapture.of(ReportTopics.class.getName())) {
            kafka.createAcls(OTHERS);
            try (ReportTopics topics = new ReportTopics(settings(kafka))) {
                Patience.awaitSettled()
                        .until(() -> !topics.ready() && creating(log).size() >= 2);
                assertThat(creating(log)).containsSubsequence(Level.INFO, Level.DEBUG);
                assertThat(creating(log))
                        .filteredOn(level -> level == Level.INFO)
                        .hasSize(1);
                kafka.deleteAcls(OTHERS);
                Patience.awaitSettled().until(topics::ready);
                assertThat(kafka.admin().listTopics().names().get())
                        .contains(ReportTopic.all().stream()
                                .map(ReportTopic::topicName)
                                .toArray(String[]::new));
            }
        } finally {
            logger.setLevel(before);
        }
    }

    private static List<Level> creating(LogCapture log) {
        return log.events().stream()
                .filter(line -> line.getMessage().equals("creating the topics of reports"))
                .map(ILoggingEvent::getLevel)
                .toList();
    }

    private static ReportSettings settings(EmbeddedKafka kafka) {
        String[] bootstrap = kafka.bootstrap().split(":", 2);
        ClusterConfig home = new ClusterConfig(
                "home", List.of(new Endpoint(bootstrap[0], Integer.parseInt(bootstrap[1]))), null, null);
        return ReportSettings.of(home, "proxy", "0", () -> {
            throw new IllegalStateException("not asked for");
        });
    }
}
