package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.proxy.authorize.FakeContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A policy in which the group {@code g} is shared: by clients {@code old-*}, and the new version's {@code new-*}; and in which clients
 * {@code dark-*} are the shadow of {@code light-*} in the group {@code h}, whose writes to {@code receipts} and {@code labels} go elsewhere.
 */
public final class SharedGroup {
    public static final String SERVICE = "payments";
    static final String STABLE = "old-1";
    static final String CANARY = "new-1";
    public static final String NEITHER = "tool";
    public static final String LIGHT = "light-1";
    public static final String DARK = "dark-1";

    private static final String YAML = """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: payments}
                spec: {identities: [{anonymous: true}], versions: {v1: {clientId: "old-*"}, v2: {clientId: "new-*"}}}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all}
                spec:
                  topics: ["*"]
                  rules:
                    - {id: all, allow: [produce, consume], services: ["*"], groups: ["*"], transactionalIds: ["*"]}
                ---
                apiVersion: weir.dev/v1
                kind: GroupAccess
                metadata: {name: tools}
                spec:
                  groups: [g]
                  rules: [{id: delete, allow: [delete], services: [payments]}]
                ---
                apiVersion: weir.dev/v1
                kind: Canary
                metadata: {name: next}
                spec:
                  group: g
                  topics: [orders, refunds]
                  stable: {service: payments, version: v1}
                  canary: {service: payments, version: v2}
                  weight: 10%
                ---
                apiVersion: weir.dev/v1
                kind: Canary
                metadata: {name: dark}
                spec:
                  group: h
                  topics: [bills]
                  stable: {service: payments, clientId: "light-*"}
                  canary: {service: payments, clientId: "dark-*"}
                  strategy: shadow
                  redirect: [receipts, labels]
                ---
                apiVersion: weir.dev/v1
                kind: SchemaRule
                metadata: {name: labels}
                spec:
                  topics: [labels]
                  value: {schema: label.avsc}
                  onViolation: quarantine
                  deadLetterTopic: labels-dlt
                """;

    private SharedGroup() {}

    /** The same after its canaries were taken out of it. */
    public static CompiledSnapshot withoutCanaries() {
        return compiled(Stream.of(YAML.split("---\n", -1))
                .filter(document -> !document.contains("kind: Canary"))
                .collect(Collectors.joining("---\n")));
    }

    public static CompiledSnapshot policy() {
        return compiled(YAML);
    }

    /** What a client of the group asks in, who may do all. */
    static FakeContext context(int version, String clientId) {
        return new FakeContext(version)
                .clientId(clientId)
                .canaries(policy().canaries(), SERVICE)
                .topics("orders", "other")
                .allowTopic(FakeContext.ANY, Operation.READ)
                .allowTransactionalId("t", Operation.WRITE)
                .allowGroup("g", Operation.READ, Operation.DELETE);
    }

    private static CompiledSnapshot compiled(String yaml) {
        String schema = "{\"type\": \"string\"}";
        Parsed parsed = PolicyParser.parse(List.of(
                new PolicyFile("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8)),
                new PolicyFile("label.avsc", schema.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }
}
