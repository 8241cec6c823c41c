package dev.weir.policy.acl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.policy.Policies;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.authorizer.StandardAcl;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.junit.jupiter.api.Test;

/** Kafka's own authorizer is the oracle: random ACLs, as policy and as they are, must answer every question alike. */
class StandardAuthorizerEquivalenceTest {
    private static final Metrics METRICS = new Metrics();
    private static final int ROUNDS = Integer.getInteger("weir.test.rounds", 40);
    private static final List<String> USERS = List.of("alice", "bob", "CN=carol,O=Shop", "dave");
    private static final List<String> HOSTS = List.of("10.0.0.1", "10.0.0.2");
    private static final List<String> NAMES =
            List.of("a", "ab", "abc", "abd", "b", "ba", "hardcode", "hard", "orders", "orders.card", "ordersx", "z");

    private static final Map<ResourceType, List<Operation>> SUPPORTED = Map.of(
            ResourceType.TOPIC,
            List.of(
                    Operation.READ,
                    Operation.WRITE,
                    Operation.CREATE,
                    Operation.DELETE,
                    Operation.ALTER,
                    Operation.DESCRIBE,
                    Operation.DESCRIBE_CONFIGS,
                    Operation.ALTER_CONFIGS),
            ResourceType.GROUP,
            List.of(
                    Operation.READ,
                    Operation.DELETE,
                    Operation.DESCRIBE,
                    Operation.DESCRIBE_CONFIGS,
                    Operation.ALTER_CONFIGS),
            ResourceType.TRANSACTIONAL_ID,
            List.of(Operation.WRITE, Operation.DESCRIBE, Operation.TWO_PHASE_COMMIT),
            ResourceType.CLUSTER,
            List.of(
                    Operation.CREATE,
                    Operation.ALTER,
                    Operation.DESCRIBE,
                    Operation.CLUSTER_ACTION,
                    Operation.DESCRIBE_CONFIGS,
                    Operation.ALTER_CONFIGS,
                    Operation.IDEMPOTENT_WRITE),
            ResourceType.DELEGATION_TOKEN,
            List.of(Operation.DESCRIBE),
            ResourceType.USER,
            List.of(Operation.CREATE_TOKENS, Operation.DESCRIBE_TOKENS));

    private final Random random;
    private final String seedMessage;

    StandardAuthorizerEquivalenceTest() {
        long seed = Long.getLong("weir.test.seed", System.nanoTime());
        random = new Random(seed);
        seedMessage = "to repeat: -Dweir.test.seed=" + seed;
    }

    @Test
    void answersAsKafkaDoes() throws Exception {
        int answers = 0;
        int allowed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<KafkaAcl> acls = acls(1 + random.nextInt(25));
            String yaml = AclPolicy.yaml("acls", acls, USERS);
            CompiledSnapshot snapshot = Policies.compile(yaml);
            try (StandardAuthorizer oracle = oracle(acls)) {
                for (String user : USERS) {
                    for (String host : HOSTS) {
                        Authorizer weir = snapshot.authorizer(subject(user, host), "");
                        Context context = new Context(new KafkaPrincipal("User", user), InetAddress.getByName(host));
                        for (ResourceType type : ResourceType.values()) {
                            for (Operation operation : SUPPORTED.get(type)) {
                                String what = user + "@" + host + " " + operation + " " + type;
                                for (String name : names(type)) {
                                    boolean kafka = oracle.authorize(context, List.of(action(type, name, operation)))
                                            .contains(AuthorizationResult.ALLOWED);
                                    assertThat(weir.decide(type, name, operation)
                                                    .passes())
                                            .as("%s %s; %s%n%s", what, name, seedMessage, yaml)
                                            .isEqualTo(kafka);
                                    answers++;
                                    allowed += kafka ? 1 : 0;
                                }
                                boolean kafkaAny =
                                        oracle.authorizeByResourceType(context, kafka(operation), kafka(type))
                                                == AuthorizationResult.ALLOWED;
                                assertThat(weir.decideAny(type, operation).passes())
                                        .as("any %s; %s%n%s", what, seedMessage, yaml)
                                        .isEqualTo(kafkaAny);
                            }
                        }
                    }
                }
            }
        }
        // both answers must have been asked for, or nothing was compared
        assertThat(allowed).isBetween(answers / 100, answers * 99 / 100);
    }

    private List<KafkaAcl> acls(int count) {
        List<KafkaAcl> acls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ResourceType type = random.nextInt(2) == 0 ? ResourceType.TOPIC : pick(List.of(ResourceType.values()));
            List<Operation> supported = SUPPORTED.get(type);
            boolean wildcard = random.nextInt(8) == 0;
            String name = type == ResourceType.CLUSTER ? ResourceType.CLUSTER_NAME : wildcard ? "*" : pick(NAMES);
            acls.add(new KafkaAcl(
                    random.nextInt(5) == 0 ? "*" : pick(USERS),
                    random.nextInt(3) == 0 ? pick(HOSTS) : "*",
                    random.nextInt(3) != 0,
                    random.nextInt(5) == 0 ? Optional.empty() : Optional.of(pick(supported)),
                    type,
                    name,
                    type != ResourceType.CLUSTER && !wildcard && random.nextBoolean()));
        }
        return acls.stream().distinct().toList();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static List<String> names(ResourceType type) {
        return type == ResourceType.CLUSTER ? List.of(ResourceType.CLUSTER_NAME) : NAMES;
    }

    private static Subject subject(String user, String host) throws Exception {
        InetAddress source = InetAddress.getByName(host);
        if (user.contains("=")) {
            return new Subject(Principal.user(user), Mechanism.MTLS, true, List.of(), user, Map.of(), source);
        }
        return Subject.sasl(user, Mechanism.PLAIN, true, source);
    }

    private static StandardAuthorizer oracle(List<KafkaAcl> acls) {
        StandardAuthorizer authorizer = new StandardAuthorizer();
        authorizer.configure(Map.of());
        authorizer.withPluginMetrics(
                new PluginMetricsImpl(METRICS, Map.of("id", Uuid.randomUuid().toString())));
        Map<Uuid, StandardAcl> byId = new HashMap<>();
        for (KafkaAcl acl : acls) {
            byId.put(
                    Uuid.randomUuid(),
                    new StandardAcl(
                            kafka(acl.type()),
                            acl.name(),
                            acl.prefixed() ? PatternType.PREFIXED : PatternType.LITERAL,
                            "User:" + acl.user(),
                            acl.host(),
                            acl.operation()
                                    .map(StandardAuthorizerEquivalenceTest::kafka)
                                    .orElse(AclOperation.ALL),
                            acl.allow() ? AclPermissionType.ALLOW : AclPermissionType.DENY));
        }
        authorizer.loadSnapshot(byId);
        authorizer.completeInitialLoad();
        return authorizer;
    }

    private static Action action(ResourceType type, String name, Operation operation) {
        ResourcePattern pattern = new ResourcePattern(kafka(type), name, PatternType.LITERAL);
        return new Action(kafka(operation), pattern, 1, false, false);
    }

    private static AclOperation kafka(Operation operation) {
        return AclOperation.fromCode((byte) operation.code());
    }

    private static org.apache.kafka.common.resource.ResourceType kafka(ResourceType type) {
        return org.apache.kafka.common.resource.ResourceType.fromCode((byte) type.code());
    }

    private record Context(KafkaPrincipal principal, InetAddress clientAddress) implements AuthorizableRequestContext {
        @Override
        public String listenerName() {
            return "CLIENTS";
        }

        @Override
        public SecurityProtocol securityProtocol() {
            return SecurityProtocol.SASL_SSL;
        }

        @Override
        public int requestType() {
            return 3;
        }

        @Override
        public int requestVersion() {
            return 12;
        }

        @Override
        public String clientId() {
            return "";
        }

        @Override
        public int correlationId() {
            return 1;
        }
    }
}
