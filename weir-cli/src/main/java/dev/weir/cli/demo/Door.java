package dev.weir.cli.demo;

/** The ways into the demo's mesh: a listener for each way to say who one is. */
enum Door {
    /** SASL/PLAIN without TLS: handy to try things with, and how services come that nobody has moved yet. */
    PASSWORD("shop", 0),
    /** A client certificate, mTLS. */
    CERTIFICATE("shop-mtls", 2),
    /** SASL/OAUTHBEARER over TLS. */
    TOKEN("shop-tokens", 4);

    /** Ports that all of them take: a bootstrap port and that of the one broker, each. */
    static final int PORTS = 6;

    private final String listener;
    private final int portOffset;

    Door(String listener, int portOffset) {
        this.listener = listener;
        this.portOffset = portOffset;
    }

    /** Name of its listener. */
    String listener() {
        return listener;
    }

    /** How far its bootstrap port is from the first. */
    int portOffset() {
        return portOffset;
    }
}
