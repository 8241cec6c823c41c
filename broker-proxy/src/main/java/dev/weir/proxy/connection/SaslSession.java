package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.Validity;

/**
 * What a client has from a log-in.
 *
 * @param validity whether what it logged in with still holds
 * @param endsAtNanos by {@link System#nanoTime}, when it has to log in again; only where {@code ends}
 */
record SaslSession(Subject subject, Validity validity, boolean ends, long endsAtNanos) {
    boolean isOver(long nowNanos) {
        return ends && nowNanos - endsAtNanos >= 0;
    }
}
