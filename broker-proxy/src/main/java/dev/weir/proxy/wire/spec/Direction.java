package dev.weir.proxy.wire.spec;

/** Which way a message goes. */
public enum Direction {
    REQUEST("Request"),
    RESPONSE("Response");

    private final String suffix;

    Direction(String suffix) {
        this.suffix = suffix;
    }

    /** The end of the message's name in the specs. */
    String suffix() {
        return suffix;
    }
}
