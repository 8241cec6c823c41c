package dev.weir.policy.parse;

import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.Verification;
import dev.weir.policy.model.IdentityPropagation;
import dev.weir.policy.model.IdentityPropagation.Trace;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.YamlObject;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code spec} of an {@code IdentityPropagation}. */
final class PropagationReader {
    private static final Map<String, Trace> TRACES = Map.of("keep", Trace.KEEP, "true", Trace.ENSURE);
    private static final Map<String, Verification> VERIFICATIONS =
            Map.of("observe", Verification.OBSERVE, "strip", Verification.STRIP, "refuse", Verification.REFUSE);

    private PropagationReader() {}

    static IdentityPropagation read(Metadata metadata, YamlObject spec) {
        return spec.object("headers", Headers::read).orElse(Headers.DEFAULT).document(metadata, spec);
    }

    private static Optional<Verification> verification(YamlObject onRead) {
        return onRead.required("verify", "observe, strip or refuse").flatMap(value -> value.choice(VERIFICATIONS));
    }

    /** What is written under {@code headers}. */
    private record Headers(boolean principal, Trace trace, boolean signature) {
        private static final Headers DEFAULT = new Headers(true, Trace.KEEP, false);

        static Headers read(YamlObject headers) {
            Headers read = new Headers(
                    headers.bool("principal", DEFAULT.principal),
                    headers.choice("traceparent", TRACES).orElse(DEFAULT.trace),
                    headers.bool("signature", DEFAULT.signature));
            if (read.signature && !read.principal) {
                headers.problems()
                        .add(
                                headers.at("signature"),
                                "a signature says who wrote a record",
                                "principal: false",
                                "principal: true");
            }
            return read;
        }

        IdentityPropagation document(Metadata metadata, YamlObject spec) {
            return new IdentityPropagation(
                    metadata.name().value(),
                    metadata.owner(),
                    Patterns.required(spec, "topics", ResourceType.TOPIC),
                    principal,
                    trace,
                    signature,
                    spec.object("onRead", PropagationReader::verification)
                            .flatMap(verify -> verify)
                            .orElse(Verification.NONE),
                    spec.choice("mode", Words.MODES),
                    metadata.name().at());
        }
    }
}
