package dev.weir.policy.model;

import java.util.Set;

/**
 * Whom a rule is about.
 *
 * @param everyone whether {@code *} is written: every declared Service in an allow; everyone, known or not, in a deny
 * @param services the Services named
 * @param except Services that {@code *} leaves out
 */
public record Callers(boolean everyone, Set<String> services, Set<String> except) {
    public Callers {
        services = Set.copyOf(services);
        except = Set.copyOf(except);
    }

    /**
     * Whether a caller is meant.
     *
     * @param service the caller's Service, or empty for a caller that has none
     */
    public boolean include(String service, Effect effect) {
        if (everyone) {
            return service.isEmpty() ? effect == Effect.DENY : !except.contains(service);
        }
        return services.contains(service);
    }
}
