package dev.weir.policy.parse;

import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.util.regex.Pattern;

/**
 * A document's {@code metadata}.
 *
 * @param name empty after a mistake in it
 * @param owner who answers for the document, or empty
 */
record Metadata(Text name, String owner) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");

    static Metadata read(YamlObject metadata) {
        Text name = name(metadata, "name");
        metadata.text("description");
        return new Metadata(name, metadata.text("owner").map(Text::value).orElse(""));
    }

    /** A name of Weir's own, as of documents, rules and versions: the characters that every tool prints and greps. */
    static Text name(YamlObject object, String key) {
        Text name = object.requiredText(key);
        if (!name.isEmpty() && !isName(name.value())) {
            object.problems()
                    .add(
                            name.at(),
                            "not a name",
                            '"' + name.value() + '"',
                            "letters, digits, and . _ - between them, at most 128");
        }
        return name;
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
