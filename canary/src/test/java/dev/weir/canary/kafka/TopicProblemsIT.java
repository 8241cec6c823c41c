package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.member.GroupClient;
import dev.weir.canary.member.MemberSeen;
import dev.weir.canary.member.RollCall;
import dev.weir.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Topics that Weir's own user may see, and no more. */
class TopicProblemsIT {
    private static final Duration SETTLED = Duration.ofSeconds(60);

    @Test
    void aRightThatIsMissingIsNamedUntilItIsThere() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .authorizer()
                .property("allow.everyone.if.no.acl.found", "true")
                .start()) {
            List<AclBinding> rights = List.of(mayDescribe(ChangeTopics.LOG), mayDescribe(ChangeTopics.MEMBERS));
            for (String topic : List.of(ChangeTopics.LOG, ChangeTopics.MEMBERS, ChangeTopics.BEATS)) {
                kafka.createTopic(topic, 1);
            }
            kafka.createAcls(rights);
            Map<String, String> anonymous = Map.of("bootstrap.servers", kafka.bootstrap());
            RollCall roll = new RollCall(Duration.ofSeconds(30), () -> {});
            roll.seen(new MemberSeen(new GroupClient("payments", "pay-1", "payments"), "pay-1-m"));
            try (MemberLog members = MemberLog.start(() -> anonymous, "test", roll);
                    MeshMember log = MeshMember.start(() -> anonymous, "test", ChangeTimes.DEFAULT, () -> {})) {
                Awaitility.await().atMost(SETTLED).untilAsserted(() -> {
                    assertThat(members.problems())
                            .extracting(TopicProblem::problem)
                            .anySatisfy(problem -> assertThat(problem)
                                    .startsWith("_weir-canary-members: who is in the groups of canaries is not heard")
                                    .endsWith("Weir's user may not describe or read topic _weir-canary-members"))
                            .anySatisfy(problem -> assertThat(problem)
                                    .endsWith("Weir's user may not write to topic _weir-canary-members"));
                    assertThat(log.problems())
                            .extracting(TopicProblem::problem)
                            .singleElement()
                            .asString()
                            .endsWith("Weir's user may not describe or read topic _weir-canary");
                });

                kafka.deleteAcls(rights);
                Awaitility.await().atMost(SETTLED).untilAsserted(() -> {
                    roll.seen(new MemberSeen(
                            new GroupClient("payments", "pay-" + System.nanoTime(), "payments"), "another"));
                    assertThat(members.problems()).isEmpty();
                    assertThat(log.problems()).isEmpty();
                    assertThat(log.logged()).isEmpty();
                });
            }
        }
    }

    private static AclBinding mayDescribe(String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
    }
}
