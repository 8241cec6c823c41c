package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.LogCapture;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.ProxyStatus.ClusterStatus;
import dev.weir.proxy.TestPolicy;
import dev.weir.testkit.await.Patience;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A log of canaries that Weir's user may not see is not taken for none. */
class HiddenLogIT {
    private static final String PROBLEM = "_weir-canary: it is not known whether canaries have begun, so only those of"
            + " policy are known: Weir's user may not describe topic _weir-canary; allow it Describe and Read there";

    private static final AclBinding OTHERS = new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, ChangeTopics.LOG, PatternType.LITERAL),
            new AccessControlEntry("User:somebody", "*", AclOperation.ALL, AclPermissionType.ALLOW));

    @Test
    void clientsWaitForItAsForOneThatCannotBeReadAndStatusSaysWhatIsMissing() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .authorizer()
                        .property("allow.everyone.if.no.acl.found", "true")
                        .start();
                LogCapture log = LogCapture.of(HiddenLog.class.getName());
                LogCapture waiting = LogCapture.of(ClusterCanaries.class.getName())) {
            kafka.createTopic("orders", 1);
            kafka.createAcls(List.of(OTHERS));
            try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                            .policy(TestPolicy.of((subject, type, name, operation) -> true))
                            .start();
                    KafkaProducer<String, String> producer = new KafkaProducer<>(
                            Map.of("bootstrap.servers", weir.bootstrap()),
                            new StringSerializer(),
                            new StringSerializer())) {
                Patience.awaitAnswer().until(() -> cluster(weir).problems().contains(PROBLEM));
                producer.send(new ProducerRecord<>("orders", "k", "v")).get();
                // who waits, and who says so, have a timer each
                Patience.awaitAnswer()
                        .untilAsserted(() -> assertThat(waiting.events())
                                .as("it was waited for long enough before")
                                .extracting(ILoggingEvent::getMessage)
                                .containsExactly(
                                        "the log of canary changes cannot be read; clients are served by what policy"
                                                + " says of canaries alone"));
                assertThat(cluster(weir).problems()).containsExactly(PROBLEM);
                assertThat(log.with("topic", ChangeTopics.LOG)).hasSize(1);

                kafka.admin().deleteAcls(List.of(OTHERS.toFilter())).all().get();
                Patience.awaitAnswer()
                        .untilAsserted(
                                () -> assertThat(cluster(weir).problems()).isEmpty());
            }
        }
    }

    private static ClusterStatus cluster(ProxyFixture weir) {
        return weir.proxy().status().clusters().get(0);
    }
}
