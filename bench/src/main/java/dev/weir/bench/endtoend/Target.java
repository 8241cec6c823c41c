package dev.weir.bench.endtoend;

import org.jspecify.annotations.Nullable;

/**
 * One way to the broker.
 *
 * @param name as it stands in the report
 * @param port on 127.0.0.1, where clients begin
 * @param relay the process in between, or {@code null} for none
 */
record Target(String name, int port, @Nullable Process relay) {
    static final String DIRECT = "direct";
    static final String RAW_RELAY = "raw relay";
    static final String HAPROXY = "HAProxy";
    static final String WEIR = "Weir";

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** CPU time that the relay has used so far. */
    double cpuSeconds() {
        return relay == null ? 0 : Cpu.seconds(relay.pid());
    }
}
