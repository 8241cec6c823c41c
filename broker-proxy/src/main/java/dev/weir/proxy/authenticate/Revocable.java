package dev.weir.proxy.authenticate;

import dev.weir.proxy.telemetry.SessionEnd;
import org.jspecify.annotations.Nullable;

/** A {@link Validity} that its owner can end, once. Any thread. */
final class Revocable implements Validity {
    private volatile @Nullable SessionEnd ended;

    void revoke(SessionEnd reason) {
        if (ended == null) {
            ended = reason;
        }
    }

    @Override
    public @Nullable SessionEnd ended() {
        return ended;
    }
}
