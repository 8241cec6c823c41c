package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.util.regex.Pattern;

/** Names of clusters and listeners: they end up in metrics, logs and addresses. */
final class Names {
    private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private Names() {}

    static void check(Text name, Problems problems) {
        if (!name.isEmpty() && !FORM.matcher(name.value()).matches()) {
            problems.add(
                    name.at(),
                    "not a name",
                    '"' + name.value() + '"',
                    "at most 63 lower case letters, digits and hyphens, such as \"main\"");
        }
    }
}
