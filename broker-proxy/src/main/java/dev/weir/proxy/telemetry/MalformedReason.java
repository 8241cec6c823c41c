package dev.weir.proxy.telemetry;

/** What was wrong with a frame that closed its connection. */
public enum MalformedReason {
    /** Its length is negative, or too small for a header. */
    LENGTH_TOO_SMALL,
    /** Its length is above the listener's limit. */
    LENGTH_TOO_LARGE,
    /** Its header cannot be read. */
    HEADER,
    /** An API that Weir does not know. */
    UNKNOWN_API,
    /** A version of a known API that Weir does not know. */
    UNKNOWN_VERSION,
    /** Its body is cut short, goes on too long, or is not what the specification says. */
    BODY,
    /** It began, and the rest did not come in time. */
    STALLED,
    /** A request that may not come in this state of the connection, before authentication for instance. */
    OUT_OF_PLACE,
    /** A broker's response that nobody waits for, or that cannot be read. */
    RESPONSE;

    String attribute() {
        return AttributeNames.valueOf(this);
    }
}
