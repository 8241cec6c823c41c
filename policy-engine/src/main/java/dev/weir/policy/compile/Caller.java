package dev.weir.policy.compile;

import dev.weir.policy.model.Circumstances;

/**
 * Who asks.
 *
 * @param service the Service, or empty for a caller that is none
 */
record Caller(String service, Circumstances circumstances) {
    boolean isService() {
        return !service.isEmpty();
    }
}
