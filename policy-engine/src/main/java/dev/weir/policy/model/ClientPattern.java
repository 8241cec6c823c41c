package dev.weir.policy.model;

import java.util.List;
import java.util.function.Predicate;

/**
 * Client ids that fit a pattern and none of some more specific ones: what is left of a version's pattern where others of its Service are
 * longer.
 */
public record ClientPattern(NamePattern pattern, List<NamePattern> except) implements Predicate<String> {
    public ClientPattern {
        except = List.copyOf(except);
    }

    /** The client ids of a version, which {@link Service#version} tells apart from those of others. */
    public static ClientPattern of(Service service, Service.Version version) {
        return new ClientPattern(
                version.clientId(),
                service.versions().stream()
                        .filter(other -> !other.equals(version))
                        .map(Service.Version::clientId)
                        .filter(version.clientId()::covers)
                        .toList());
    }

    @Override
    public boolean test(String clientId) {
        return pattern.matches(clientId) && !isExcepted(clientId);
    }

    private boolean isExcepted(String clientId) {
        for (int i = 0; i < except.size(); i++) {
            if (except.get(i).matches(clientId)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one client id can fit both. */
    public boolean overlaps(ClientPattern other) {
        if (!pattern.covers(other.pattern) && !other.pattern.covers(pattern)) {
            return false;
        }
        NamePattern narrower = pattern.covers(other.pattern) ? other.pattern : pattern;
        return except.stream().noneMatch(hole -> hole.covers(narrower))
                && other.except.stream().noneMatch(hole -> hole.covers(narrower));
    }
}
