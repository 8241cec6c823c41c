package dev.weir.bench.policy;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Policy of any size, as a large company's might be: every rule is about another topic name or prefix. All of them are
 * about the one Service {@code checkout}, which anonymous clients belong to: the worst case for a decision.
 */
public final class GeneratedPolicy {
    /** Allowed whatever else there is: what the end-to-end runs use. */
    public static final String OWN_TOPICS = "bench.*";

    private static final int RULES_PER_FILE = 1_000;
    private static final int DENY_EVERY = 100;

    private GeneratedPolicy() {}

    /** Rule {@code n} allows {@code team-n.orders} (n even) or {@code team-n.*} (n odd); each hundredth denies it. */
    public static List<PolicyFile> files(int rules) {
        List<PolicyFile> files = new ArrayList<>();
        files.add(file("base.yaml", base()));
        for (int first = 0; first < rules; first += RULES_PER_FILE) {
            StringBuilder text = new StringBuilder("apiVersion: weir.dev/v1\nkind: TopicAccess\n"
                    + "metadata: {name: teams-" + first + "}\nspec:\n  topics: [\"team-*\"]\n  rules:\n");
            for (int n = first; n < Math.min(rules, first + RULES_PER_FILE); n++) {
                text.append("    - {id: r")
                        .append(n)
                        .append(n % DENY_EVERY == 0 ? ", deny" : ", allow")
                        .append(": [consume], services: [checkout], topics: [\"team-")
                        .append(n)
                        .append(n % 2 == 0 ? ".orders" : ".*")
                        .append("\"]}\n");
            }
            files.add(file("teams-" + first + ".yaml", text.toString()));
        }
        return files;
    }

    public static CompiledSnapshot compile(int rules) {
        Parsed parsed = PolicyParser.parse(files(rules));
        if (!parsed.problems().isEmpty()) {
            throw new IllegalStateException(
                    "the generated policy is wrong: " + parsed.problems().get(0));
        }
        return CompiledSnapshot.compile(parsed.policy(), "generated", Instant.EPOCH);
    }

    private static String base() {
        return "apiVersion: weir.dev/v1\nkind: Service\nmetadata: {name: checkout}\n"
                + "spec: {identities: [{anonymous: true}]}\n"
                + "---\napiVersion: weir.dev/v1\nkind: TopicAccess\nmetadata: {name: own}\n"
                + "spec: {topics: [\"" + OWN_TOPICS + "\"], rules: [{id: all, allow: [produce, consume], "
                + "services: [checkout]}]}\n";
    }

    private static PolicyFile file(String path, String text) {
        return new PolicyFile(path, text.getBytes(StandardCharsets.UTF_8));
    }
}
