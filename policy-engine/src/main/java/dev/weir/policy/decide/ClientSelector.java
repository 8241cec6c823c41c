package dev.weir.policy.decide;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Some clients of a Service.
 *
 * @param version the version of the Service that they are; empty where client ids are named
 * @param clientIds whether a client id is one of theirs; allocates nothing
 */
public record ClientSelector(String service, Optional<String> version, Predicate<String> clientIds) {
    public boolean fits(String caller, String clientId) {
        return service.equals(caller) && clientIds.test(clientId);
    }
}
