package dev.weir.proxy;

import dev.weir.mesh.Subject;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Policy as a function, for tests that are about the data path and not about YAML. */
public final class TestPolicy {
    private static final RuleRef RULE = new RuleRef("test/rule", "test.yaml", 1, "test");
    private static final Decision ALLOW = new Decision(true, true, RULE);
    private static final Decision DENY = new Decision(false, true, RULE);

    private TestPolicy() {}

    /** Says what is allowed. */
    @FunctionalInterface
    public interface Rule {
        boolean allows(Subject subject, ResourceType type, String name, Operation operation);
    }

    public static PolicySnapshot allowAll() {
        return of((subject, type, name, operation) -> true);
    }

    /** Policy as people write it, in which nothing expires. */
    public static PolicySnapshot yaml(String text) {
        Parsed parsed =
                PolicyParser.parse(List.of(new PolicyFile("policy.yaml", text.getBytes(StandardCharsets.UTF_8))));
        if (!parsed.problems().isEmpty()) {
            throw new IllegalArgumentException(parsed.problems().toString());
        }
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }

    public static PolicySnapshot of(Rule rule) {
        return of(rule, TopicTable.empty());
    }

    /** As {@link #of(Rule)}, and records of some topics are told who wrote them. */
    public static PolicySnapshot of(Rule rule, TopicTable<Propagation> propagation) {
        return of(rule, propagation, subject -> Optional.of(subject.principal().name()));
    }

    /** As {@link #of(Rule)}, with the Service that a client is known as. */
    public static PolicySnapshot of(Rule rule, Function<Subject, Optional<String>> services) {
        return of(rule, TopicTable.empty(), services);
    }

    private static PolicySnapshot of(
            Rule rule, TopicTable<Propagation> propagation, Function<Subject, Optional<String>> services) {
        return new PolicySnapshot() {
            @Override
            public TopicTable<Propagation> propagation() {
                return propagation;
            }

            @Override
            public String revision() {
                return "test";
            }

            @Override
            public Authorizer authorizer(Subject subject, String clientId) {
                PolicySnapshot snapshot = this;
                return new Authorizer() {
                    @Override
                    public PolicySnapshot snapshot() {
                        return snapshot;
                    }

                    @Override
                    public Optional<String> service() {
                        return services.apply(subject);
                    }

                    @Override
                    public Optional<String> version() {
                        return Optional.empty();
                    }

                    @Override
                    public Decision decide(ResourceType type, String name, Operation operation) {
                        return rule.allows(subject, type, name, operation) ? ALLOW : DENY;
                    }

                    @Override
                    public Decision decideAny(ResourceType type, Operation operation) {
                        return ALLOW;
                    }
                };
            }
        };
    }
}
