package dev.weir.canary;

import java.util.List;

/**
 * What makes a canary a shadow: it reads everything beside the stable side, and nothing that it does reaches anybody else. It has no weight.
 *
 * @param redirected the topics that it may write to; brokers put what it writes into others, of {@link #topic}
 */
public record Shadow(List<String> redirected) {
    /** Ends the names of topics that shadows write to. */
    public static final String SUFFIX = ".shadow";

    public Shadow {
        redirected = redirected.stream().sorted().distinct().toList();
    }

    /** Where brokers put what a shadow writes to a topic. */
    public static String topic(String name) {
        return name + SUFFIX;
    }
}
