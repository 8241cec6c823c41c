package dev.weir.proxy.canary.shadow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What is found by its name in a message has to be put in anew when it gets another one. */
final class Moved {
    private Moved() {}

    /** Gives some of them another name. */
    static <T> void rename(Collection<T> named, Consumer<T> rename, Predicate<T> which) {
        List<T> out = new ArrayList<>(1);
        Iterator<T> each = named.iterator();
        while (each.hasNext()) {
            T one = each.next();
            if (which.test(one)) {
                each.remove();
                out.add(one);
            }
        }
        out.forEach(rename);
        named.addAll(out);
    }
}
