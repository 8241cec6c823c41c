package dev.weir.proxy.authorize;

/**
 * Names that no client may touch or see through a listener. Policy denies them whatever its rules say; this is for the
 * places where Kafka lets a right on the cluster stand for the right on each topic or group.
 */
final class ReservedNames {
    private static final String PREFIX = "_weir-";
    private static final String CANARY_SUFFIX = "~canary";

    private ReservedNames() {}

    static boolean isReserved(String name) {
        return name.startsWith(PREFIX) || name.endsWith(CANARY_SUFFIX);
    }
}
