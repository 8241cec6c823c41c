package dev.weir.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several listeners on one broker with the authorizer on: who may come in, and what each may see. */
class SecurityIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .listener(ClientListener.saslPlain("SASL", Map.of("root", "r\"o\\t", "alice", "a")))
                .listener(ClientListener.plaintext("SCRAM").withSasl(ClientListener.Sasl.scram(Map.of("carol", "c"))))
                .authorizer("User:root")
                .autoCreateTopics(false)
                .start();
        kafka.createTopic("orders", 1);
        kafka.createTopic("payments", 1);
        kafka.createAcls(List.of(describe("alice"), describe("carol")));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void superUserSeesAll() throws Exception {
        assertThat(topics("SASL", "PLAIN", "root", "r\"o\\t")).containsExactlyInAnyOrder("orders", "payments");
    }

    @Test
    void othersSeeWhatAclsGive() throws Exception {
        assertThat(topics("SASL", "PLAIN", "alice", "a")).containsExactly("orders");
        assertThat(topics("SCRAM", "SCRAM-SHA-256", "carol", "c")).containsExactly("orders");
        assertThat(topics("SCRAM", "SCRAM-SHA-512", "carol", "c")).containsExactly("orders");
    }

    @Test
    void anonymousSeesNothing() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap("PLAINTEXT")))) {
            assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void wrongPasswordIsRefused() {
        assertThatThrownBy(() -> topics("SASL", "PLAIN", "alice", "wrong"))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void passwordsAreNotInText() {
        assertThat(ClientListener.saslPlain("SASL", Map.of("alice", "secret")).toString())
                .contains("alice")
                .doesNotContain("secret");
    }

    @Test
    void aclsHoldOnceTheyAreCreatedAndNoLongerOnceTheyAreDeleted() throws Exception {
        List<AclBinding> more = List.of(describe("alice", "payments"));
        for (int round = 0; round < 10; round++) {
            kafka.createAcls(more);
            assertThat(topics("SASL", "PLAIN", "alice", "a")).containsExactlyInAnyOrder("orders", "payments");
            kafka.deleteAcls(more);
            assertThat(topics("SASL", "PLAIN", "alice", "a")).containsExactly("orders");
        }
    }

    private static Set<String> topics(String listener, String mechanism, String user, String password)
            throws Exception {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", kafka.bootstrap(listener));
        properties.put("security.protocol", "SASL_PLAINTEXT");
        properties.put("sasl.mechanism", mechanism);
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\""
                        + password.replace("\\", "\\\\").replace("\"", "\\\"") + "\";");
        try (Admin admin = Admin.create(properties)) {
            return admin.listTopics().names().get(60, TimeUnit.SECONDS);
        }
    }

    private static AclBinding describe(String user) {
        return describe(user, "orders");
    }

    private static AclBinding describe(String user, String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
    }
}
