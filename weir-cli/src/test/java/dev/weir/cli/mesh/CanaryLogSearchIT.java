package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether there is a log of canaries is asked of a real broker, which may not want to say. */
class CanaryLogSearchIT {
    private static final AclBinding OTHERS = new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, ChangeTopics.LOG, PatternType.LITERAL),
            new AccessControlEntry("User:somebody", "*", AclOperation.ALL, AclPermissionType.ALLOW));

    private final EmbeddedKafka kafka = EmbeddedKafka.builder()
            .authorizer()
            .property("allow.everyone.if.no.acl.found", "true")
            .start();
    private final List<Admin> made = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();

    @AfterEach
    void close() {
        kafka.close();
    }

    private Admin admin() {
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
        made.add(admin);
        return admin;
    }

    private void allow(boolean now) {
        if (now) {
            kafka.deleteAcls(List.of(OTHERS));
        } else {
            kafka.createAcls(List.of(OTHERS));
        }
    }

    /** A client that is closed takes no question. */
    private void allAreClosed() {
        assertThat(made)
                .allSatisfy(admin -> assertThat(admin.describeCluster().nodes()).failsWithin(Patience.ANSWER));
    }

    @Test
    void whereItMayNotBeSeenOneClientAsksEverMoreSeldom() throws InterruptedException {
        allow(false);
        CanaryLogSearch search = new CanaryLogSearch(this::admin, millis -> {
            pauses.add(millis);
            if (pauses.size() == 6) {
                kafka.createTopic(ChangeTopics.LOG, 1);
                allow(true);
            }
            return false;
        });
        assertThat(search.finds()).isTrue();
        assertThat(pauses).startsWith(5_000L, 10_000L, 20_000L, 40_000L, 60_000L, 60_000L);
        assertThat(made).hasSize(1);
        allAreClosed();
    }

    @Test
    void itEndsWhereThereIsNone() throws InterruptedException {
        assertThat(new CanaryLogSearch(this::admin, millis -> false).finds()).isFalse();
        assertThat(pauses).isEmpty();
        assertThat(made).hasSize(1);
        allAreClosed();
    }

    @Test
    void itEndsWhenNobodyWantsToKnow() throws InterruptedException {
        allow(false);
        assertThat(new CanaryLogSearch(this::admin, millis -> pauses.add(millis)).finds())
                .isFalse();
        assertThat(pauses).hasSize(1);
        allAreClosed();
    }

    @Test
    void aClientThatCannotBeMadeIsMadeLater() throws InterruptedException {
        assertThat(new CanaryLogSearch(
                                () -> {
                                    if (pauses.isEmpty()) {
                                        throw new KafkaException("no address of a broker can be resolved");
                                    }
                                    return admin();
                                },
                                millis -> !pauses.add(millis))
                        .finds())
                .isFalse();
        assertThat(pauses).hasSize(1);
        assertThat(made).hasSize(1);
        allAreClosed();
    }
}
