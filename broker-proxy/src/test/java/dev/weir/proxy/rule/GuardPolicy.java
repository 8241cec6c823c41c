package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Policy by which everybody may write everywhere, and some topics are guarded by schemas; and bytes to write to them. */
public final class GuardPolicy {
    /** Of Avro: a record with one string. */
    static final String SCHEMA =
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}";

    /** The revision of each of these. */
    public static final String REVISION = "test";

    private static final String WRITERS = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: shop, owner: test}
            spec: {identities: [{anonymous: true}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: all, owner: test}
            spec:
              topics: ["*"]
              rules: [{id: write, allow: [produce], services: [%s], transactionalIds: ["*"]}]
            """;

    private GuardPolicy() {}

    /**
     * Compiles it.
     *
     * @param rules from the beginning of the names of topics to what the rule says of them; {@link #SCHEMA} is in {@code r.avsc}
     */
    static PolicySnapshot of(Map<String, String> rules) {
        StringBuilder yaml = new StringBuilder();
        rules.forEach((topics, spec) -> yaml.append("---\napiVersion: weir.dev/v1\nkind: SchemaRule\nmetadata: {name: ")
                .append(topics)
                .append(", owner: test}\nspec: {topics: [\"")
                .append(topics)
                .append("-*\"], ")
                .append(spec)
                .append("}\n"));
        return with(yaml.toString(), Map.of("r.avsc", SCHEMA));
    }

    /**
     * Compiles it.
     *
     * @param rules documents, each behind a line {@code ---}
     * @param schemas what they name, by file
     */
    public static PolicySnapshot with(String rules, Map<String, String> schemas) {
        return with("shop", rules, schemas);
    }

    /** As {@link #with(String, Map)}, of a Service that may write, which need not be everybody's, {@code shop}. */
    static PolicySnapshot with(String writers, String rules, Map<String, String> schemas) {
        List<PolicyFile> files = new ArrayList<>();
        files.add(file("policy.yaml", WRITERS.formatted(writers) + rules));
        schemas.forEach((name, text) -> files.add(file(name, text)));
        Parsed parsed = PolicyParser.parse(files);
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compileForever(parsed.policy(), REVISION);
    }

    private static PolicyFile file(String name, String text) {
        return new PolicyFile(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A payload that {@link #SCHEMA} reads. */
    static byte[] good(String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length)
                .put((byte) (2 * text.length))
                .put(text)
                .array();
    }

    /** One that says to be longer than it is. */
    static byte[] bad(String id) {
        byte[] payload = good(id);
        payload[0] += 8;
        return payload;
    }

    /** What {@link #good} was made of, framed or not. */
    static String id(byte[] value) {
        int from = value[0] == 0 ? 5 : 0;
        return new String(value, from + 1, value.length - from - 1, StandardCharsets.UTF_8);
    }

    /** As Confluent's serializers write it. */
    static byte[] framed(int schema, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(schema)
                .put(payload)
                .array();
    }
}
