package dev.weir.topology.coverage;

import dev.weir.topology.view.ProxyView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether all that proxies saw must have been reported. Not when one has dropped reports, fell silent or was started
 * anew in this round or the two before: what it let through then may be what nobody reported.
 */
final class ProxyTrust {
    private static final int ROUNDS = 3;

    private Map<String, ProxyView> before = Map.of();
    private int doubtful = ROUNDS;

    boolean next(List<ProxyView> proxies) {
        Map<String, ProxyView> now = new HashMap<>();
        proxies.forEach(proxy -> now.put(proxy.proxy(), proxy));
        boolean steady = proxies.stream().anyMatch(proxy -> proxy.state() == ProxyView.State.LIVE)
                && now.values().stream().allMatch(this::steady)
                && before.values().stream()
                        .allMatch(proxy -> proxy.state() != ProxyView.State.LIVE || now.containsKey(proxy.proxy()));
        before = now;
        doubtful = steady ? Math.max(0, doubtful - 1) : ROUNDS;
        return doubtful == 0;
    }

    private boolean steady(ProxyView proxy) {
        ProxyView earlier = before.get(proxy.proxy());
        if (earlier == null) {
            return false;
        }
        boolean fellSilent = proxy.state() == ProxyView.State.SILENT && earlier.state() != ProxyView.State.SILENT;
        return !fellSilent
                && proxy.startedMillis() == earlier.startedMillis()
                && proxy.reportsDropped() == earlier.reportsDropped();
    }
}
