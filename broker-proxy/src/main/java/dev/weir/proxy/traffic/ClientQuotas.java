package dev.weir.proxy.traffic;

import dev.weir.policy.decide.QuotaPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What one client's requests take of the quotas of its Service. For a Service without any it is one look at an empty list. Event loop of the
 * connection.
 */
public final class ClientQuotas {
    private static final QuotaAccount[] NONE = {};

    private final Quotas quotas;
    private List<QuotaPolicy> known = List.of();
    private QuotaAccount[] accounts = NONE;

    /** Of which quotas the request at hand names a topic, by their places in the list. */
    private boolean[] named = {};

    public ClientQuotas(Quotas quotas) {
        this.quotas = quotas;
    }

    /** A request begins. */
    public void begin(List<QuotaPolicy> of) {
        if (of != known) {
            known = of;
            accounts = of.stream().map(quotas::account).toArray(QuotaAccount[]::new);
            named = new boolean[accounts.length];
        } else {
            Arrays.fill(named, false);
        }
    }

    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** The request names a topic. */
    public void names(String topic) {
        for (int i = 0; i < accounts.length; i++) {
            named[i] |= known.get(i).topics().find(topic) != null;
        }
    }

    /**
     * The request is whole.
     *
     * @param produced its bytes, if it is a Produce
     * @param fetch whether its answer says which topics it is about
     * @return for how many milliseconds its client is to be quiet
     */
    public int requested(long produced, boolean fetch) {
        long nowNanos = System.nanoTime();
        int millis = 0;
        for (int i = 0; i < accounts.length; i++) {
            QuotaPolicy quota = known.get(i);
            if (quota.isAboutAll() || (!fetch && named[i])) {
                millis = Math.max(millis, accounts[i].take(quota, 1, produced, 0, nowNanos));
            }
        }
        return millis;
    }

    /**
     * A fetch is answered.
     *
     * @param topics whose records the answer may bring
     * @return for how many milliseconds its client is to be quiet
     */
    public int fetched(long bytes, Set<String> topics) {
        long nowNanos = System.nanoTime();
        int millis = 0;
        for (int i = 0; i < accounts.length; i++) {
            QuotaPolicy quota = known.get(i);
            boolean all = quota.isAboutAll();
            if (all || concerns(quota, topics)) {
                millis = Math.max(millis, accounts[i].take(quota, all ? 0 : 1, 0, bytes, nowNanos));
            }
        }
        return millis;
    }

    private static boolean concerns(QuotaPolicy quota, Set<String> topics) {
        for (String topic : topics) {
            if (quota.topics().find(topic) != null) {
                return true;
            }
        }
        return false;
    }
}
