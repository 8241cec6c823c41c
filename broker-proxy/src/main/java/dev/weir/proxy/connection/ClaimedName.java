package dev.weir.proxy.connection;

import java.nio.charset.StandardCharsets;

/** Who a client says that it is, in its first SASL message. For the audit of failures: nothing is decided by it. */
final class ClaimedName {
    /** A name does not come later than that in any message that is one. */
    private static final int BYTES_MAX = 1_024;

    private ClaimedName() {}

    /**
     * The user name of a PLAIN (RFC 4616) or a SCRAM (RFC 5802) message; empty for any other, or none. What follows the
     * name, a password among it, is not looked at.
     */
    static String of(byte[] message) {
        String text = new String(message, 0, Math.min(BYTES_MAX, message.length), StandardCharsets.UTF_8);
        int first = text.indexOf('\0');
        if (first >= 0) {
            int second = text.indexOf('\0', first + 1);
            return second < 0 ? "" : text.substring(first + 1, second);
        }
        boolean scram = text.startsWith("n,") || text.startsWith("y,") || text.startsWith("p=");
        int name = scram ? text.indexOf(",n=") : -1;
        int end = name < 0 ? -1 : text.indexOf(',', name + 3);
        return end < 0 ? "" : text.substring(name + 3, end).replace("=2C", ",").replace("=3D", "=");
    }
}
