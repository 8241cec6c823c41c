package dev.weir.proxy.equivalence;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One line of the table: one case in one version by one user.
 *
 * @param number of its scenes
 * @param kafka what the broker answered
 * @param weir what Weir answered
 */
record Row(Case tried, short version, User user, int number, List<String> kafka, List<String> weir) {
    boolean isOneOf(ApiKeys... apis) {
        return Arrays.asList(apis).contains(tried.api());
    }

    ApiKeys api() {
        return tried.api();
    }

    boolean isSame() {
        return kafka.equals(weir);
    }

    @Override
    public String toString() {
        return tried + " v" + version + ", " + user.meaning;
    }
}
