package dev.weir.policy.parse;

import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Quota;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.YamlObject;
import java.time.Duration;

/** Reads the {@code spec} of a {@code Quota}. */
final class QuotaReader {
    private static final long BYTES_MIN = 1_000;
    private static final long BYTES_MAX = 1_000_000_000_000L;
    private static final long REQUESTS_MAX = 10_000_000;
    private static final Duration BURST_MIN = Duration.ofMillis(100);
    private static final Duration BURST_MAX = Duration.ofMinutes(1);
    private static final Duration BURST_DEFAULT = Duration.ofSeconds(1);

    private QuotaReader() {}

    static Quota read(Metadata metadata, References references, YamlObject spec) {
        if (!spec.has("produceBytes") && !spec.has("fetchBytes") && !spec.has("requests")) {
            spec.problems()
                    .add(
                            spec.at(),
                            "a Quota of nothing would change nothing",
                            "none",
                            "at least one of produceBytes, fetchBytes, requests, each for a second");
        }
        return new Quota(
                metadata.name().value(),
                metadata.owner(),
                OneService.read(spec, references),
                Patterns.optional(spec, "topics", ResourceType.TOPIC),
                spec.bytes("produceBytes", BYTES_MIN, BYTES_MAX, 0),
                spec.bytes("fetchBytes", BYTES_MIN, BYTES_MAX, 0),
                spec.integer("requests", 1, REQUESTS_MAX, 0),
                spec.duration("burst", BURST_MIN, BURST_MAX, BURST_DEFAULT),
                spec.choice("mode", Words.MODES),
                metadata.name().at());
    }
}
