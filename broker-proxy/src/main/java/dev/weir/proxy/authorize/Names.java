package dev.weir.proxy.authorize;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Names in a request that Kafka refuses before it looks at rights. */
final class Names {
    private Names() {}

    /** Those that occur more than once; the caller's own set. */
    static <T> Set<T> repeated(Collection<T> names) {
        Set<T> seen = new HashSet<>();
        Set<T> repeated = new HashSet<>();
        for (T name : names) {
            if (!seen.add(name)) {
                repeated.add(name);
            }
        }
        return repeated;
    }
}
