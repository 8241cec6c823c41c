package dev.weir.policy.parse;

import dev.weir.policy.yaml.Text;
import java.util.ArrayList;
import java.util.List;

/** Names that documents use before it is known whether they exist: looked up once everything has been read. */
final class References {
    /**
     * A rule that a test names.
     *
     * @param document the document in which the test stands
     */
    record ToRule(String document, Text rule) {}

    private final List<Text> services = new ArrayList<>();
    private final List<ToRule> rules = new ArrayList<>();

    void service(Text name) {
        services.add(name);
    }

    void rule(String document, Text name) {
        rules.add(new ToRule(document, name));
    }

    List<Text> services() {
        return services;
    }

    List<ToRule> rules() {
        return rules;
    }
}
