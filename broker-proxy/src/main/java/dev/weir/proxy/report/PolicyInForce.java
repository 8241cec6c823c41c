package dev.weir.proxy.report;

/**
 * The policy in force, as a proxy tells it of itself.
 *
 * @param state as in the proxy's own status: {@code IN_SYNC}, {@code REFUSED} ...
 * @param sinceMillis when it came into force; 0 when there is none
 * @param problem why there is no newer one, or empty
 */
public record PolicyInForce(String revision, String state, long sinceMillis, String problem) {}
