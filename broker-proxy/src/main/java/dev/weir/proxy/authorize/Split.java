package dev.weir.proxy.authorize;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;

/** Takes apart what one request names: some of it goes on to the broker, the rest is refused here. */
final class Split {
    private Split() {}

    /**
     * Removes from {@code named} what is not allowed, and gives it back in its order.
     *
     * @param named a collection of a decoded request; afterwards it holds only what is allowed
     */
    static <T> List<T> takeOut(Collection<T> named, Predicate<T> allowed) {
        List<T> refused = new ArrayList<>(0);
        Iterator<T> each = named.iterator();
        while (each.hasNext()) {
            T one = each.next();
            if (!allowed.test(one)) {
                refused.add(one);
                each.remove();
            }
        }
        return refused;
    }

    /**
     * Puts what was refused here back among what the broker answered, for responses whose order is that of the request.
     *
     * @param refused what to add, by its position in the client's request
     */
    static <T> List<T> interleave(List<T> answered, SortedMap<Integer, T> refused) {
        List<T> all = new ArrayList<>(answered);
        refused.forEach((position, one) -> all.add(Math.min(position, all.size()), one));
        return all;
    }
}
