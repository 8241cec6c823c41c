package dev.weir.cli.up;

import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.MessageSpecs;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Loads Kafka's message classes and reads the first specs while the main thread still reads arguments and configuration:
 * otherwise they are a fifth of its time until the listeners are open. Nothing in here logs, since logging is not set up
 * yet.
 */
public final class EarlyLoading {

    private EarlyLoading() {}

    /** Begins, on a thread of its own. */
    public static void begin() {
        Thread thread = new Thread(EarlyLoading::load, "weir-early-loading");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load() {
        MessageSpecs specs = new MessageSpecs();
        for (ApiKeys api : new ApiKeys[] {ApiKeys.API_VERSIONS, ApiKeys.METADATA}) {
            specs.spec(api.id, Direction.REQUEST);
            specs.spec(api.id, Direction.RESPONSE);
        }
    }
}
