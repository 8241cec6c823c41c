package dev.weir.bench.endtoend;

import org.jspecify.annotations.Nullable;

/**
 * One way to the broker.
 *
 * @param name as it stands in the report
 * @param port on 127.0.0.1, where clients begin
 * @param relay the process in between, or {@code null} for none
 * @param mirror what it mirrors, or {@code null} for nothing
 */
record Target(
        String name,
        int port,
        @Nullable Process relay,
        @Nullable Mirror mirror) {
    static final String DIRECT = "direct";
    static final String RAW_RELAY = "raw relay";
    static final String HAPROXY = "HAProxy";
    static final String WEIR = "Weir";

    /** One that mirrors nothing. */
    Target(String name, int port, @Nullable Process relay) {
        this(name, port, relay, null);
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** What its mirror has done so far; nothing without one. */
    Mirror.Ledger mirrored() {
        return mirror == null ? Mirror.Ledger.NONE : mirror.ledger();
    }

    /** The same once nothing is on its way. */
    Mirror.Ledger settled() {
        return mirror == null ? Mirror.Ledger.NONE : mirror.settled();
    }

    /** CPU time that the relay has used so far. */
    double cpuSeconds() {
        return relay == null ? 0 : Cpu.seconds(relay.pid());
    }
}
