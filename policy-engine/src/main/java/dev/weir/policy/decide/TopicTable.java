package dev.weir.policy.decide;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What policy says of topics, by name or by prefix; of several that match, the most specific one. Immutable; any thread; a
 * question allocates nothing.
 *
 * @param <T> what is said
 */
public final class TopicTable<T> {
    private static final TopicTable<?> EMPTY = new TopicTable<>(Map.of(), Map.of());
    private static final int NONE = -1;

    private final Map<String, T> literals;
    private final String[] prefixes;
    private final Object[] values;
    /** For each prefix the longest one that it starts with. */
    private final int[] shorter;

    private TopicTable(Map<String, T> literals, Map<String, T> byPrefix) {
        TreeMap<String, T> sorted = new TreeMap<>(byPrefix);
        this.literals = Map.copyOf(literals);
        this.prefixes = sorted.keySet().toArray(String[]::new);
        this.values = sorted.values().toArray();
        this.shorter = new int[prefixes.length];
        for (int i = 0; i < prefixes.length; i++) {
            int candidate = i - 1;
            while (candidate != NONE && !prefixes[i].startsWith(prefixes[candidate])) {
                candidate = shorter[candidate];
            }
            shorter[i] = candidate;
        }
    }

    /**
     * Makes one.
     *
     * @param byPrefix by the prefix without the asterisk
     */
    public static <T> TopicTable<T> of(Map<String, T> literals, Map<String, T> byPrefix) {
        return literals.isEmpty() && byPrefix.isEmpty() ? empty() : new TopicTable<>(literals, byPrefix);
    }

    @SuppressWarnings("unchecked") // it holds no value
    public static <T> TopicTable<T> empty() {
        return (TopicTable<T>) EMPTY;
    }

    /** All that is said, each once, in no order. */
    @SuppressWarnings("unchecked") // values are put in as T
    public Set<T> values() {
        Set<T> all = new HashSet<>(literals.values());
        for (Object value : values) {
            all.add((T) value);
        }
        return all;
    }

    public boolean isEmpty() {
        return literals.isEmpty() && prefixes.length == 0;
    }

    /** What is said of a topic, or {@code null} for nothing. No prefix is about Kafka's internal topics or Weir's own. */
    @SuppressWarnings("unchecked") // values are put in as T
    public @Nullable T find(String topic) {
        T literal = literals.get(topic);
        if (literal != null || prefixes.length == 0) {
            return literal;
        }
        if (Names.isInternal(ResourceType.TOPIC, topic) || Names.isReserved(ResourceType.TOPIC, topic)) {
            return null;
        }
        // the greatest prefix that is not after the name; all that the name starts with are that one or shorter ones of
        // it
        int place = Arrays.binarySearch(prefixes, topic);
        int candidate = place >= 0 ? place : -place - 2;
        while (candidate != NONE && !topic.startsWith(prefixes[candidate])) {
            candidate = shorter[candidate];
        }
        return candidate == NONE ? null : (T) values[candidate];
    }
}
