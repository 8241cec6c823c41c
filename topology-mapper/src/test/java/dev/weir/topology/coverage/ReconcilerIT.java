package dev.weir.topology.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.testkit.await.Patience;
import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.stream.StateTopic;
import dev.weir.topology.view.ProxyView;
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
import org.slf4j.LoggerFactory;

/** Brokers that do not let Weir's user see what is compared: a state with a name, said once. */
class ReconcilerIT {
    private static final List<String> HIDDEN = List.of("a", "b", "c", "d");
    private static final String REASON =
            "Weir's user may not describe the settings of topics a, b, c and 1 more; allow it DescribeConfigs there";

    @Test
    void aRightThatIsMissingIsSaidOnceWithTheTopicsAndForgottenWhenItIsThere() {
        Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event);
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger(UntoldClusters.class);
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        appender.start();
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .authorizer()
                .property("allow.everyone.if.no.acl.found", "true")
                .start()) {
            kafka.createTopic(ReportTopic.PROGRESS.topicName(), 1);
            kafka.createTopic(StateTopic.NAME, 1);
            kafka.createTopic("open", 1);
            HIDDEN.forEach(topic -> kafka.createTopic(topic, 1));
            List<AclBinding> describe =
                    HIDDEN.stream().map(ReconcilerIT::describeAlone).toList();
            kafka.createAcls(describe);
            Map<String, String> client = Map.of("bootstrap.servers", kafka.bootstrap());
            CoverageSettings settings =
                    CoverageSettings.of(Map.of("main", client)).every(1_000);
            try (Reconciler reconciler = new Reconciler(settings, client, "one", () -> true, new NothingKnown())) {
                reconciler.start();
                Patience.awaitSettled().until(() -> with(lines, Level.DEBUG).size() >= 3);
                assertThat(reconciler.untold()).isEqualTo(Map.of("main", REASON));
                assertThat(with(lines, Level.WARN)).hasSize(1);
                kafka.deleteAcls(describe);
                Patience.awaitSettled().until(() -> reconciler.untold().isEmpty());
                assertThat(with(lines, Level.INFO)).hasSize(1);
            }
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(before);
        }
    }

    private static List<ILoggingEvent> with(Queue<ILoggingEvent> lines, Level level) {
        return lines.stream().filter(line -> line.getLevel() == level).toList();
    }

    /** Any ACL of a topic ends that everybody may everything there. */
    private static AclBinding describeAlone(String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
    }

    /** No proxy has told anything yet. */
    private static final class NothingKnown implements Reconciler.Known {
        @Override
        public List<PartitionState> partitions() {
            return List.of();
        }

        @Override
        public List<ProxyView> proxies() {
            return List.of();
        }

        @Override
        public CoverageState coverage(String cluster) {
            return CoverageState.getDefaultInstance();
        }

        @Override
        public long unacknowledged(String cluster, String topic) {
            return 0;
        }

        @Override
        public boolean mirrored(String cluster, String topic) {
            return false;
        }
    }
}
