package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A policy in which the group {@code g} is shared: by clients {@code old-*}, and the new version's {@code new-*}. */
final class SharedGroup {
    static final String SERVICE = "payments";
    static final String STABLE = "old-1";
    static final String CANARY = "new-1";
    static final String NEITHER = "tool";

    private SharedGroup() {}

    static CompiledSnapshot policy() {
        String yaml = """
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
                kind: Canary
                metadata: {name: next}
                spec:
                  group: g
                  topics: [orders, refunds]
                  stable: {service: payments, version: v1}
                  canary: {service: payments, version: v2}
                  weight: 10%
                """;
        Parsed parsed =
                PolicyParser.parse(List.of(new PolicyFile("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), "test");
    }
}
