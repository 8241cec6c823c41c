package dev.weir.topology.coverage;

import java.util.Collection;
import java.util.List;

/** Weir's user may not see what is asked for; the message says what, and the right that is missing. */
final class UnseenException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int NAMES_MAX = 3;

    private UnseenException(String message) {
        super(message);
    }

    /** @param topics at least one */
    static UnseenException settingsOf(Collection<String> topics) {
        List<String> names = topics.stream().sorted().limit(NAMES_MAX).toList();
        String more = topics.size() > NAMES_MAX ? " and " + (topics.size() - NAMES_MAX) + " more" : "";
        return new UnseenException(
                "Weir's user may not describe the settings of " + (topics.size() == 1 ? "topic " : "topics ")
                        + String.join(", ", names) + more + "; allow it DescribeConfigs there");
    }
}
