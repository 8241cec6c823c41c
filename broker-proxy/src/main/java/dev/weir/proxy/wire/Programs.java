package dev.weir.proxy.wire;

import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.proxy.wire.spec.VersionRange;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.message.ApiMessageType;
import org.jspecify.annotations.Nullable;

/**
 * The programs of all messages for one purpose. Each is compiled when it is first asked for, and kept. One per purpose
 * and process; safe for all threads.
 */
public final class Programs {

    private static final int API_KEYS = ApiMessageType.values().length;

    private final MessageSpecs specs;
    private final Interest interest;
    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Program>> byMessage =
            new AtomicReferenceArray<>(2 * API_KEYS);

    public Programs(MessageSpecs specs, Interest interest) {
        this.specs = specs;
        this.interest = interest;
    }

    /** The program for a request's body; {@code null} when the api key or version is not known. */
    public @Nullable Program request(short apiKey, short version) {
        return program(apiKey, version, Direction.REQUEST);
    }

    /** The program for a response's body; {@code null} when the api key or version is not known. */
    public @Nullable Program response(short apiKey, short version) {
        return program(apiKey, version, Direction.RESPONSE);
    }

    public @Nullable Program program(short apiKey, short version, Direction direction) {
        if (apiKey < 0 || apiKey >= API_KEYS || version < 0) {
            return null;
        }
        int index = 2 * apiKey + (direction == Direction.REQUEST ? 0 : 1);
        AtomicReferenceArray<@Nullable Program> byVersion = byMessage.get(index);
        Program compiled = byVersion != null && version < byVersion.length() ? byVersion.get(version) : null;
        return compiled != null ? compiled : compile(apiKey, version, direction, index);
    }

    private @Nullable Program compile(short apiKey, short version, Direction direction, int index) {
        MessageSpec spec = specs.spec(apiKey, direction);
        if (spec == null || !spec.validVersions().contains(version)) {
            return null;
        }
        VersionRange valid = spec.validVersions();
        byMessage.compareAndSet(index, null, new AtomicReferenceArray<>(valid.highest() + 1));
        Program program = ProgramCompiler.compile(spec, version, interest);
        AtomicReferenceArray<@Nullable Program> byVersion = byMessage.get(index);
        if (byVersion != null) {
            byVersion.set(version, program);
        }
        return program;
    }
}
