package dev.weir.policy.decide;

import dev.weir.canary.Clients;
import java.util.Optional;

/**
 * Some clients of a Service.
 *
 * @param version the version of the Service that they are; empty where client ids are named
 */
public record ClientSelector(Optional<String> version, Clients clients) {
    /** Their Service. */
    public String service() {
        return clients.service();
    }
}
