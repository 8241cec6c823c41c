package dev.weir.proxy.wire;

import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;

/**
 * {@code throttle_time_ms}, by which a response says how long its client is to be quiet (KIP-13, KIP-219). In nearly all responses it is what
 * the body begins with, so that it can be set while the rest has not come yet. Any thread.
 */
public final class ThrottleTime {
    public static final int BYTES = 4;
    private static final String NAME = "ThrottleTimeMs";

    private final MessageSpecs specs;

    public ThrottleTime(MessageSpecs specs) {
        this.specs = specs;
    }

    /** Whether the body of a response begins with it. */
    public boolean isFirst(short apiKey, short version) {
        MessageSpec spec = specs.spec(apiKey, Direction.RESPONSE);
        if (spec == null) {
            return false;
        }
        for (FieldSpec field : spec.body().fields()) {
            if (field.isInline(version)) {
                return field.name().equals(NAME);
            }
        }
        return false;
    }

    /** Sets it where a response's body begins, unless its broker says more. */
    public static void raise(ByteBuf response, int bodyIndex, int millis) {
        if (response.getInt(bodyIndex) < millis) {
            response.setInt(bodyIndex, millis);
        }
    }
}
