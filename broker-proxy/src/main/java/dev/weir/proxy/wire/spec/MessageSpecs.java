package dev.weir.proxy.wire.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.message.ApiMessageType;
import org.jspecify.annotations.Nullable;

/**
 * The specs of all messages that the kafka-clients release on the class path knows. Each is read when it is first asked
 * for, and kept. Safe for all threads.
 */
public final class MessageSpecs {

    private static final int API_KEYS = ApiMessageType.values().length;

    private final AtomicReferenceArray<@Nullable MessageSpec> specs = new AtomicReferenceArray<>(2 * API_KEYS);

    /** The spec of a message, or {@code null} when this release knows no such api key, or no version of it. */
    public @Nullable MessageSpec spec(short apiKey, Direction direction) {
        if (apiKey < 0 || apiKey >= API_KEYS) {
            return null;
        }
        int index = 2 * apiKey + (direction == Direction.REQUEST ? 0 : 1);
        MessageSpec known = specs.get(index);
        if (known == null) {
            known = read(ApiMessageType.fromApiKey(apiKey), direction);
            specs.set(index, known);
        }
        return known.validVersions().isEmpty() ? null : known;
    }

    /** Whether messages of the api key and version can be walked and decoded. */
    public boolean knows(short apiKey, short version) {
        MessageSpec spec = spec(apiKey, Direction.REQUEST);
        return spec != null && spec.validVersions().contains(version);
    }

    private static MessageSpec read(ApiMessageType api, Direction direction) {
        String resource = "common/message/" + api.name + direction.suffix() + ".json";
        try (InputStream json = ApiMessageType.class.getClassLoader().getResourceAsStream(resource)) {
            if (json == null) {
                throw new IllegalStateException("kafka-clients does not bring " + resource);
            }
            return SpecParser.parse(json, api.apiKey(), direction);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
