package dev.weir.bench.endtoend;

/** A further Weir, set up otherwise than the one that is measured: what its difference costs is the ratio of the two. */
enum Variant {
    NO_REPORTS("no reports", "reports: {enabled: false}\n", "", ""),
    TOPOLOGY_TOO("+ topology", "", "", ""),
    PROPAGATION("+ propagation", Variant.TOPOLOGY_ELSEWHERE, """
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: who-wrote-it}
            spec: {topics: [bench.produced]}
            """, ""),
    GUARD("+ guard", Variant.TOPOLOGY_ELSEWHERE, """
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: orders}
            spec: {topics: [bench.produced], value: {schema: order.avsc, framing: confluent}}
            """, OrderRecord.SCHEMA),
    IDS("+ ids", Variant.TOPOLOGY_ELSEWHERE + Variant.REGISTRY, """
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: orders}
            spec: {topics: [bench.produced], value: {registry: orders, level: id}}
            """, ""),
    MIRROR("+ mirror", Variant.TOPOLOGY_ELSEWHERE, """
            apiVersion: weir.dev/v1
            kind: Mirror
            metadata: {name: all}
            spec: {topics: [bench.produced], to: {topic: bench.mirrored}, create: {}}
            """, "");

    /** Of the Weir that is measured: a topology is a program of its own, which may run elsewhere. */
    static final String TOPOLOGY_ELSEWHERE = "topology: {enabled: false}\n";

    private static final String REGISTRY_PORT = "REGISTRY_PORT";
    private static final String REGISTRY =
            "schemaRegistries: [{name: orders, url: \"http://127.0.0.1:" + REGISTRY_PORT + "\"}]\n";

    private final String target;
    private final String configuration;
    private final String policy;
    private final String schema;

    Variant(String target, String configuration, String policy, String schema) {
        this.target = target;
        this.configuration = configuration;
        this.policy = policy;
        this.schema = schema;
    }

    /** Its name in the report. */
    String target() {
        return target;
    }

    /** What its {@code weir.yaml} has besides. */
    String configuration(int registryPort) {
        return configuration.replace(REGISTRY_PORT, Integer.toString(registryPort));
    }

    /** What its policy has besides; empty for nothing. */
    String policy() {
        return policy;
    }

    /** What is in {@code order.avsc} beside the policy; empty for no such file. */
    String schema() {
        return schema;
    }
}
