package dev.weir.proxy.authenticate;

import dev.weir.proxy.telemetry.SessionEnd;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a client proved itself with still holds. Each connection asks once a second, on its event loop, so an
 * answer costs no more than a few reads of memory. Once it has ended it stays so.
 */
@FunctionalInterface
public interface Validity {
    /** Of what nobody can take back. */
    Validity ALWAYS = () -> null;

    /** Why it holds no more, or {@code null} while it does. */
    @Nullable
    SessionEnd ended();
}
