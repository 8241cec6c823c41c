package dev.weir.proxy.telemetry;

import dev.weir.mesh.Principal;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.Optional;

/**
 * One operation that policy denied, in enforce or in dry-run.
 *
 * @param listener where the client is connected
 * @param principal who asked
 * @param service the Service of the principal, if there is one
 * @param clientId the request's client id, or the empty string; the client chooses it
 * @param resource the type of what it asked for
 * @param name the name of what it asked for
 * @param operation what it wanted to do
 * @param decision the denial and the rule behind it
 */
public record Denial(
        String listener,
        Principal principal,
        Optional<String> service,
        String clientId,
        ResourceType resource,
        String name,
        Operation operation,
        Decision decision) {}
