package dev.weir.proxy.cluster;

import dev.weir.proxy.config.Endpoint;
import io.vertx.core.Future;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether brokers create a topic that is asked for and does not exist. They read the setting when they start: it is
 * asked for when brokers come or go, and now and then. The cluster's event loop only, but for {@link #isOn()}.
 */
final class AutoCreateSetting {
    private static final String NAME = "auto.create.topics.enable";
    private static final long EVERY_MILLIS = 60_000;

    private final ClusterClient client;
    private volatile boolean on = true;
    private SortedMap<Integer, Endpoint> askedAmong = new TreeMap<>();
    private long askedAtMillis;

    AutoCreateSetting(ClusterClient client) {
        this.client = client;
    }

    /** As brokers said last; so it is assumed until one has. */
    boolean isOn() {
        return on;
    }

    /** A broker that does not tell is no failure: the last answer stays, and it is asked again. */
    Future<Void> refreshIfDue(SortedMap<Integer, Endpoint> brokers) {
        boolean lately = Cluster.nowMillis() - askedAtMillis < EVERY_MILLIS;
        if (brokers.isEmpty() || (lately && brokers.equals(askedAmong))) {
            return Future.succeededFuture();
        }
        Map.Entry<Integer, Endpoint> any = brokers.entrySet().iterator().next();
        return client.setting(any.getKey(), any.getValue(), NAME)
                .onSuccess(response -> {
                    response.results()
                            .forEach(result ->
                                    result.configs().forEach(config -> on = Boolean.parseBoolean(config.value())));
                    askedAmong = brokers;
                    askedAtMillis = Cluster.nowMillis();
                })
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
