package dev.weir.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.model.Policy;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.policy.yaml.Problem;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Policy from a few lines of text. */
public final class Policies {
    public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    public static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private Policies() {}

    public static PolicyFile file(String path, String text) {
        return new PolicyFile(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Policy parse(String text) {
        Parsed parsed = PolicyParser.parse(List.of(file("p.yaml", text)));
        assertThat(parsed.problems()).isEmpty();
        return parsed.policy();
    }

    public static CompiledSnapshot compile(String text) {
        return CompiledSnapshot.compile(parse(text), "rev", NOW);
    }

    public static List<String> problems(String text) {
        return PolicyParser.parse(List.of(file("p.yaml", text))).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    /** A Service that authenticates by SASL with its own name. */
    public static String service(String name) {
        return "apiVersion: weir.dev/v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {identities: [{sasl: \""
                + name + "\"}]}\n---\n";
    }

    /** A TopicAccess for all topics, with rules in flow style. */
    public static String topicAccess(String name, String... rules) {
        return access("TopicAccess", name, "  topics: [\"*\"]\n", rules);
    }

    public static String access(String kind, String name, String head, String... rules) {
        StringBuilder text = new StringBuilder("apiVersion: weir.dev/v1\nkind: " + kind + "\nmetadata: {name: " + name
                + "}\nspec:\n" + head + "  rules:\n");
        for (String rule : rules) {
            text.append("    - {").append(rule).append("}\n");
        }
        return text.append("---\n").toString();
    }

    public static String mesh(String mode) {
        return "apiVersion: weir.dev/v1\nkind: MeshDefaults\nmetadata: {name: mesh}\nspec: {mode: " + mode + "}\n---\n";
    }

    public static Subject user(String name) {
        return Subject.sasl(name, Mechanism.PLAIN, true, LOOPBACK);
    }
}
