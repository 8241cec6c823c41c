package dev.weir.policy.model;

import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.Optional;

/**
 * A workload, however it authenticates.
 *
 * @param owner who answers for it, or empty
 * @param declared the identities that are this Service, and where they are written; one is enough
 * @param versions its subsets, told apart by client id
 */
public record Service(String name, String owner, List<Declared> declared, List<Version> versions, Position at) {

    /** An identity, and where it is written. */
    public record Declared(Identity identity, Position at) {}

    /** A subset of a Service's instances. */
    public record Version(String name, NamePattern clientId) {}

    public Service {
        declared = List.copyOf(declared);
        versions = List.copyOf(versions);
    }

    public List<Identity> identities() {
        return declared.stream().map(Declared::identity).toList();
    }

    /** The version whose pattern fits the client id; of several, the one with the longest pattern. */
    public Optional<String> version(String clientId) {
        Optional<Version> best = Optional.empty();
        for (Version version : versions) {
            if (version.clientId.matches(clientId)
                    && best.map(b -> isLonger(version, b)).orElse(true)) {
                best = Optional.of(version);
            }
        }
        return best.map(Version::name);
    }

    private static boolean isLonger(Version left, Version right) {
        if (left.clientId.prefix() != right.clientId.prefix()) {
            return !left.clientId.prefix();
        }
        return left.clientId.text().length() > right.clientId.text().length();
    }
}
