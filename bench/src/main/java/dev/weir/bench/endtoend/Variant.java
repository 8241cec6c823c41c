package dev.weir.bench.endtoend;

/** A further Weir, set up otherwise than the one that is measured: what its difference costs is the ratio of the two. */
enum Variant {
    /** Set up like the one that is measured: what two processes differ by that do the same. */
    TWIN("twin", Variant.TOPOLOGY_ELSEWHERE, "", ""),
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
    /** Of another topic than those that are read. */
    CANARY("+ canary", Variant.TOPOLOGY_ELSEWHERE, """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: bench-readers}
            spec: {identities: [{sasl: bench-readers}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: bench-elsewhere}
            spec:
              topics: [bench.elsewhere]
              rules: [{id: read, services: [bench-readers], allow: [consume], groups: [bench-elsewhere]}]
            ---
            apiVersion: weir.dev/v1
            kind: Canary
            metadata: {name: elsewhere}
            spec:
              group: bench-elsewhere
              topics: [bench.elsewhere]
              stable: {service: bench-readers, clientId: "v1-*"}
              canary: {service: bench-readers, clientId: "v2-*"}
              weight: 10%
            """, ""),
    MIRROR("+ mirror", "", "topic: bench.mirrored"),
    /** Nobody is there. */
    MIRROR_DEAD("mirror dead", Variant.DEAD_CLUSTER, "cluster: dead, topic: bench.mirrored"),
    /** The same broker, whose answers take seconds. */
    MIRROR_SLOW("mirror slow", Variant.SLOW_CLUSTER, "cluster: slow, topic: bench.mirrored"),
    /** Brokers say of a topic that Weir may not see what they say of one that is missing. */
    MIRROR_DENIED("mirror denied", "", "topic: bench.missing");

    /** Of the Weir that is measured: a topology is a program of its own, which may run elsewhere. */
    static final String TOPOLOGY_ELSEWHERE = "topology: {enabled: false}\n";

    private static final String REGISTRY_PORT = "REGISTRY_PORT";
    private static final String REGISTRY =
            "schemaRegistries: [{name: orders, url: \"http://127.0.0.1:" + REGISTRY_PORT + "\"}]\n";

    private static final String SLOW_PORT = "SLOW_PORT";
    /** Little enough that it is full within a second or two. */
    private static final String LITTLE_MEMORY = "mirrors: {memoryBytesMax: 8388608, deliveryTimeout: 3s}";
    /** Below the ports that the system gives away: whoever connects to one of those may find itself. */
    private static final String DEAD_CLUSTER =
            "  - name: dead\n    bootstrap: [\"127.0.0.1:1\"]\n    " + LITTLE_MEMORY + "\n";

    private static final String SLOW_CLUSTER =
            "  - name: slow\n    bootstrap: [\"127.0.0.1:" + SLOW_PORT + "\"]\n    " + LITTLE_MEMORY + "\n";

    private static final String MIRROR_POLICY = """
            apiVersion: weir.dev/v1
            kind: Mirror
            metadata: {name: all}
            spec: {topics: [bench.produced], to: {%s}}
            """;

    private final String target;
    private final String configuration;
    private final String policy;
    private final String schema;
    private final String clusters;
    private final boolean mirrors;

    Variant(String target, String configuration, String policy, String schema) {
        this(target, configuration, policy, schema, "", false);
    }

    /** Mirrors what is produced. */
    Variant(String target, String clusters, String to) {
        this(target, Variant.TOPOLOGY_ELSEWHERE, Variant.MIRROR_POLICY.formatted(to), "", clusters, true);
    }

    Variant(String target, String configuration, String policy, String schema, String clusters, boolean mirrors) {
        this.target = target;
        this.configuration = configuration;
        this.policy = policy;
        this.schema = schema;
        this.clusters = clusters;
        this.mirrors = mirrors;
    }

    /** Its name in the report. */
    String target() {
        return target;
    }

    /** Whether it mirrors what is produced. */
    boolean mirrors() {
        return mirrors;
    }

    /** Further clusters in its {@code weir.yaml}; empty for none. */
    String clusters(int slowPort) {
        return clusters.replace(SLOW_PORT, Integer.toString(slowPort));
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
