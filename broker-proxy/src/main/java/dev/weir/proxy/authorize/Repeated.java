package dev.weir.proxy.authorize;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What a request names more than once, which Kafka refuses before it looks at rights. */
final class Repeated {
    private Repeated() {}

    /** The names that occur more than once; the set is the caller's own. */
    static <T> Set<T> in(Collection<T> names) {
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
