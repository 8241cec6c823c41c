package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.YamlValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of broker ids, both ends included: {@code 0-99}. */
record NodeIds(int first, int last) {
    static final NodeIds DEFAULT = new NodeIds(0, 99);

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*-\\s*(\\d{1,9})");

    static Optional<NodeIds> read(YamlValue value, Problems problems) {
        Matcher form = FORM.matcher(value.describe().replace("\"", ""));
        if (!value.isObject() && !value.isList() && form.matches()) {
            NodeIds ids = new NodeIds(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
            if (ids.first <= ids.last) {
                return Optional.of(ids);
            }
        }
        problems.add(
                value.at(), "wrong value", value.describe(), "a range of broker ids, the lower first, such as 0-99");
        return Optional.empty();
    }

    long count() {
        return last - (long) first + 1;
    }
}
