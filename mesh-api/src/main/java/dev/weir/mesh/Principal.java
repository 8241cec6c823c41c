package dev.weir.mesh;

import java.util.Objects;

/**
 * One authenticated identity, in Kafka's sense (KIP-11): a type, usually {@code User}, and a name.
 *
 * @param type the principal type, never empty
 * @param name the name, as authentication gave it, never empty
 */
public record Principal(String type, String name) {
    /** Whoever comes without credentials. */
    public static final Principal ANONYMOUS = new Principal("User", "anonymous");

    public Principal {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        if (type.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a principal needs a type and a name");
        }
    }

    /** A principal of type {@code User}. */
    public static Principal user(String name) {
        return new Principal("User", name);
    }

    public boolean isAnonymous() {
        return equals(ANONYMOUS);
    }

    @Override
    public String toString() {
        return type + ":" + name;
    }
}
