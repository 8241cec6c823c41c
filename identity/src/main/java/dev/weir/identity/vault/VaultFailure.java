package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;

/** Vault did not give what it was asked for. */
public final class VaultFailure extends IdentityException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure; {@link #passes} tells those that may end by themselves. */
    public enum Kind {
        /** Nobody answers at the address, or not in time. */
        UNREACHABLE(true),
        /** Its certificate is not accepted, or ours. */
        TLS(false),
        /** Sealed, standing by, or in trouble (5xx). */
        UNAVAILABLE(true),
        /** Too many requests (429). */
        THROTTLED(true),
        /** Log-in refused. */
        LOG_IN(false),
        /** A policy does not allow it (403). */
        DENIED(false),
        /** Nothing is there (404), or not the field that was named. */
        MISSING(false),
        /** The request makes no sense to Vault (400), or the answer none to Weir. */
        INVALID(false);

        private final boolean passes;

        Kind(boolean passes) {
            this.passes = passes;
        }

        /** Whether it may be over after a while without anybody changing a configuration. */
        public boolean passes() {
            return passes;
        }
    }

    private final Kind kind;

    public VaultFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
