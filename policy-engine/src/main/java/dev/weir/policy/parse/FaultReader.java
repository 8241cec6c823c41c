package dev.weir.policy.parse;

import dev.weir.policy.decide.FaultApi;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.decide.FaultError;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Fault;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the {@code spec} of a {@code Fault}, and refuses what could lose or double records, or would never be seen. */
final class FaultReader {
    private static final List<String> EFFECTS = List.of("delay", "error", "disconnect", "throttle");
    private static final Map<String, FaultError> ERRORS = Arrays.stream(FaultError.values())
            .collect(Collectors.toUnmodifiableMap(FaultError::name, Function.identity()));
    private static final Duration MIN = Duration.ofMillis(1);
    /** Clients give a request up after half a minute, if nobody told them otherwise. */
    private static final Duration DELAY_MAX = Duration.ofMinutes(1);

    private static final Duration THROTTLE_MAX = Duration.ofSeconds(10);

    private final Metadata metadata;
    private final References references;

    FaultReader(Metadata metadata, References references) {
        this.metadata = metadata;
        this.references = references;
    }

    private record WrittenApi(FaultApi api, Position at) {}

    Fault read(YamlObject spec) {
        List<WrittenApi> written = apis(spec);
        Set<FaultApi> apis = written.stream()
                .map(WrittenApi::api)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultApi.class)));
        var topics = Patterns.optional(spec, "topics", ResourceType.TOPIC);
        if (spec.has("topics")) {
            checkTopics(spec, written);
            if (!spec.has("apis")) {
                apis = FaultApi.OF_TOPICS;
            }
        }
        return new Fault(
                metadata.name().value(),
                metadata.owner(),
                OneService.read(spec, references),
                spec.text("clientId").flatMap(text -> Patterns.read(text, spec.problems())),
                apis,
                topics,
                spec.measure("share")
                        .map(share -> Shares.basisPoints(share, spec.problems()))
                        .orElse(FaultPolicy.ALL_BASIS_POINTS),
                effect(spec, written),
                Expiry.read(spec),
                spec.choice("mode", Words.MODES),
                metadata.name().at());
    }

    private static List<WrittenApi> apis(YamlObject spec) {
        List<WrittenApi> apis = new ArrayList<>();
        if (spec.has("apis")) {
            for (YamlValue value : spec.requiredValues("apis", "at least one API of Kafka, such as Produce")) {
                value.choice(FaultApi.BY_NAME).ifPresent(api -> apis.add(new WrittenApi(api, value.at())));
            }
        }
        return apis;
    }

    private static void checkTopics(YamlObject spec, List<WrittenApi> apis) {
        for (WrittenApi written : apis) {
            if (!FaultApi.OF_TOPICS.contains(written.api)) {
                spec.problems()
                        .add(
                                written.at,
                                "a fault can be narrowed to topics only where Weir tells the topics of a request apart",
                                '"' + written.api.apiName() + '"',
                                names(FaultApi.OF_TOPICS) + "; or a Fault of its own, without topics");
            }
        }
    }

    private FaultEffect effect(YamlObject spec, List<WrittenApi> apis) {
        List<String> written = EFFECTS.stream().filter(spec::has).toList();
        if (written.size() != 1) {
            spec.problems()
                    .add(
                            written.isEmpty() ? spec.at() : spec.at(written.get(1)),
                            "a Fault does one thing",
                            written.isEmpty() ? "none" : String.join(" and ", written),
                            "one of " + String.join(", ", EFFECTS) + "; for two, two Faults");
        }
        Optional<FaultError> error = spec.choice("error", ERRORS);
        error.ifPresent(code -> checkError(spec, code, apis));
        Optional<Boolean> disconnect = spec.bool("disconnect");
        if (disconnect.isPresent() && !disconnect.get()) {
            spec.problems().add(spec.at("disconnect"), "this says nothing", "false", "true, or no such key");
        }
        int delayMillis = millis(spec, "delay", DELAY_MAX);
        int throttleMillis = millis(spec, "throttle", THROTTLE_MAX);
        return switch (written.isEmpty() ? "" : written.get(0)) {
            case "delay" -> new FaultEffect.Delay(delayMillis);
            case "error" -> new FaultEffect.Fail(error.orElse(FaultError.REQUEST_TIMED_OUT));
            case "throttle" -> new FaultEffect.Throttle(throttleMillis);
            default -> new FaultEffect.Disconnect();
        };
    }

    private static int millis(YamlObject spec, String key, Duration max) {
        return (int) spec.duration(key, MIN, max, MIN).toMillis();
    }

    private static void checkError(YamlObject spec, FaultError error, List<WrittenApi> apis) {
        if (!spec.has("apis")) {
            spec.problems()
                    .add(
                            spec.at("error"),
                            "each API has errors of its own, so \"error\" needs \"apis\"",
                            error.name(),
                            "apis: with some of " + names(answering(error)));
        }
        for (WrittenApi written : apis) {
            Set<FaultError> possible = written.api.errors();
            if (!possible.contains(error)) {
                spec.problems()
                        .add(
                                written.at,
                                written.api.apiName() + " is not answered with " + error
                                        + ": brokers do not, or its clients would lose their place",
                                '"' + written.api.apiName() + '"',
                                possible.isEmpty()
                                        ? "delay, disconnect or throttle for this API, or one of "
                                                + names(answering(error))
                                        : "one of "
                                                + possible.stream()
                                                        .sorted()
                                                        .map(FaultError::name)
                                                        .collect(Collectors.joining(", ")));
            }
        }
    }

    private static Set<FaultApi> answering(FaultError error) {
        return Arrays.stream(FaultApi.values())
                .filter(api -> api.errors().contains(error))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultApi.class)));
    }

    private static String names(Set<FaultApi> apis) {
        return apis.stream().map(FaultApi::apiName).collect(Collectors.joining(", "));
    }
}
