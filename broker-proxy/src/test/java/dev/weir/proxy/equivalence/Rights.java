package dev.weir.proxy.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.acl.AclPolicy;
import dev.weir.policy.acl.KafkaAcl;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.source.PolicyFiles;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;

/** What the {@link User}s may do, once as Kafka's ACLs and once as policy. */
final class Rights {
    /** Kafka's own topics: no pattern of policy reaches them, so they are named. */
    private static final List<String> INTERNAL =
            List.of("__consumer_offsets", "__transaction_state", "__share_group_state");

    /** Alice's, in the words of policy: what {@link #inWords} says in Kafka's. */
    private static final String IN_WORDS = """
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: consumed}
            spec: {topics: ["consumed-*"], rules: [{id: read, allow: [consume], services: [alice]}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: produced}
            spec: {topics: ["produced-*"], rules: [{id: write, allow: [produce], services: [alice]}]}
            ---
            apiVersion: weir.dev/v1
            kind: GroupAccess
            metadata: {name: groups}
            spec: {groups: ["consumed-*"], rules: [{id: read, allow: [consume], services: [alice]}]}
            """;

    private Rights() {}

    static List<KafkaAcl> all() {
        return Stream.of(admin(), alice()).flatMap(Collection::stream).toList();
    }

    private static List<KafkaAcl> admin() {
        List<KafkaAcl> acls = new ArrayList<>();
        for (ResourceType type : List.of(
                ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID, ResourceType.DELEGATION_TOKEN)) {
            acls.add(acl(User.ADMIN, Optional.empty(), type, "*", false));
        }
        acls.add(acl(User.ADMIN, Optional.empty(), ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, false));
        INTERNAL.forEach(topic -> acls.add(acl(User.ADMIN, Optional.empty(), ResourceType.TOPIC, topic, false)));
        return acls;
    }

    private static List<KafkaAcl> alice() {
        List<KafkaAcl> acls = new ArrayList<>();
        acls.add(acl(User.ALICE, Optional.empty(), ResourceType.TOPIC, "open-", true));
        acls.addAll(alice(ResourceType.TOPIC, "seen-", Operation.DESCRIBE));
        acls.addAll(alice(ResourceType.TOPIC, "read-", Operation.READ, Operation.DESCRIBE_CONFIGS));
        acls.addAll(alice(ResourceType.TOPIC, "write-", Operation.WRITE, Operation.ALTER_CONFIGS));
        acls.addAll(alice(ResourceType.TOPIC, "made-", Operation.CREATE, Operation.DESCRIBE));
        acls.add(acl(User.ALICE, Optional.empty(), ResourceType.GROUP, "open-", true));
        acls.addAll(alice(ResourceType.GROUP, "seen-", Operation.DESCRIBE));
        acls.addAll(alice(ResourceType.GROUP, "read-", Operation.READ));
        acls.addAll(alice(ResourceType.TRANSACTIONAL_ID, "open-", Operation.WRITE));
        acls.addAll(alice(ResourceType.TRANSACTIONAL_ID, "seen-", Operation.DESCRIBE));
        for (Operation operation : List.of(Operation.DESCRIBE, Operation.ALTER_CONFIGS)) {
            acls.add(acl(User.ALICE, Optional.of(operation), ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, false));
        }
        return acls;
    }

    /** What Kafka's own tool grants to a consumer and to a producer of topics that exist. */
    private static List<KafkaAcl> inWords() {
        return Stream.of(
                        alice(ResourceType.TOPIC, "consumed-", Operation.READ, Operation.DESCRIBE),
                        alice(ResourceType.TOPIC, "produced-", Operation.WRITE, Operation.DESCRIBE),
                        alice(ResourceType.GROUP, "consumed-", Operation.READ, Operation.DESCRIBE))
                .flatMap(Collection::stream)
                .toList();
    }

    private static List<KafkaAcl> alice(ResourceType type, String prefix, Operation... operations) {
        return Stream.of(operations)
                .map(operation -> acl(User.ALICE, Optional.of(operation), type, prefix, true))
                .toList();
    }

    private static KafkaAcl acl(
            User user, Optional<Operation> operation, ResourceType type, String name, boolean prefixed) {
        return new KafkaAcl(user.login(), "*", true, operation, type, name, prefixed);
    }

    static List<AclBinding> forKafka() {
        return Stream.concat(all().stream(), inWords().stream())
                .map(Rights::binding)
                .toList();
    }

    private static AclBinding binding(KafkaAcl acl) {
        return new AclBinding(
                new ResourcePattern(
                        org.apache.kafka.common.resource.ResourceType.fromString(
                                acl.type().name()),
                        acl.name(),
                        acl.prefixed() ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry(
                        "User:" + acl.user(),
                        acl.host(),
                        acl.operation()
                                .map(operation -> AclOperation.fromCode((byte) operation.code()))
                                .orElse(AclOperation.ALL),
                        AclPermissionType.ALLOW));
    }

    /** The same from YAML, by the whole way that policy takes. */
    static PolicySnapshot forWeir() {
        String yaml = AclPolicy.yaml(
                        "rights",
                        all(),
                        Stream.of(User.values()).map(User::login).toList())
                + IN_WORDS;
        PolicyBuild build = PolicyBuild.of(
                new PolicyFiles(
                        "test", List.of(new PolicyFile("rights.yaml", yaml.getBytes(StandardCharsets.UTF_8))), ""),
                Instant.now());
        assertThat(build.problems()).as(yaml).isEmpty();
        return build.snapshot().orElseThrow();
    }
}
