package dev.weir.policy.parse;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.SchemaRule;
import dev.weir.policy.model.SchemaRule.DeadLetters;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.schema.Limits;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.framing.Framing;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code spec} of a {@code SchemaRule}. */
final class SchemaRuleReader {
    private static final Map<String, Framing> FRAMINGS = Map.of(
            "none", Framing.NONE,
            "confluent", Framing.CONFLUENT_PREFIX,
            "confluent-headers", Framing.CONFLUENT_HEADERS,
            "apicurio", Framing.APICURIO,
            "apicurio-headers", Framing.APICURIO_HEADERS);
    private static final Map<String, OnViolation> VIOLATIONS = Map.of(
            "reject",
            OnViolation.REJECT,
            "tag",
            OnViolation.TAG,
            "quarantine",
            OnViolation.QUARANTINE,
            "observe",
            OnViolation.OBSERVE);
    private static final String DEAD_LETTER_TOPIC = "deadLetterTopic";
    static final Map<String, Boolean> TAKEN = Map.of("allow", true, "refuse", false);

    private final SchemaFiles files;

    SchemaRuleReader(SchemaFiles files) {
        this.files = files;
    }

    SchemaRule read(Metadata metadata, YamlObject spec) {
        Optional<Optional<SchemaGuard.Check>> key = spec.object("key", this::payload);
        Optional<Optional<SchemaGuard.Check>> value = spec.object("value", this::payload);
        if (key.isEmpty() && value.isEmpty()) {
            spec.problems().add(spec.at(), "says nothing of keys or values", "neither", "key or value");
        }
        OnViolation onViolation = spec.choice("onViolation", VIOLATIONS).orElse(OnViolation.REJECT);
        if (spec.has("onRegistryDown") && !asksRegistry(key) && !asksRegistry(value)) {
            spec.problems()
                    .add(
                            spec.at("onRegistryDown"),
                            "no registry is asked",
                            "neither",
                            "a key or value with \"registry\"");
        }
        return new SchemaRule(
                metadata.name().value(),
                metadata.owner(),
                Patterns.required(spec, "topics", ResourceType.TOPIC),
                key.flatMap(found -> found),
                value.flatMap(found -> found),
                spec.choice("tombstones", TAKEN).orElse(true),
                spec.choice("onNoSchema", TAKEN).orElse(false),
                spec.choice("onRegistryDown", TAKEN).orElse(false),
                onViolation,
                deadLetters(spec, onViolation),
                spec.choice("mode", Words.MODES),
                metadata.name().at());
    }

    private static Optional<DeadLetters> deadLetters(YamlObject spec, OnViolation onViolation) {
        boolean named = spec.has(DEAD_LETTER_TOPIC);
        if (onViolation != OnViolation.QUARANTINE) {
            if (named) {
                spec.problems()
                        .add(
                                spec.at(DEAD_LETTER_TOPIC),
                                "nothing would ever go to this topic, as onViolation is not quarantine",
                                DEAD_LETTER_TOPIC,
                                "onViolation: quarantine, or no " + DEAD_LETTER_TOPIC);
            }
            return Optional.empty();
        }
        if (!named) {
            spec.problems()
                    .add(spec.at(), "quarantine needs a topic to keep records in", "none", DEAD_LETTER_TOPIC + ": ...");
            return Optional.empty();
        }
        return Patterns.name(spec, DEAD_LETTER_TOPIC, ResourceType.TOPIC)
                .map(NamePattern::text)
                .map(topic -> new DeadLetters(topic, spec.at(DEAD_LETTER_TOPIC)));
    }

    private static boolean asksRegistry(Optional<Optional<SchemaGuard.Check>> side) {
        return side.flatMap(found -> found)
                .filter(check -> check.source() instanceof SchemaGuard.Source.Registered)
                .isPresent();
    }

    private static Reading reading(YamlObject payload, Framing framing, Text schema) {
        Text message = payload.text("message").orElse(new Text("", payload.at()));
        Optional<Boolean> unknownFields = payload.choice("unknownFields", TAKEN);
        boolean said = !message.isEmpty() || unknownFields.isPresent();
        if (said && !SchemaFormat.ofFile(schema.value()).equals(Optional.of(SchemaFormat.PROTOBUF))) {
            payload.problems()
                    .add(
                            payload.at(),
                            "message and unknownFields are of Protobuf",
                            "schema " + schema.value(),
                            "a *" + SchemaFormat.PROTOBUF.suffix() + " file");
        }
        return new Reading(framing, message.value(), unknownFields.orElse(true), Limits.DEFAULT);
    }

    private Optional<SchemaGuard.Check> payload(YamlObject payload) {
        if (payload.has("registry")) {
            return RegistrySchemaReader.read(payload, FRAMINGS);
        }
        Framing framing = payload.choice("framing", FRAMINGS).orElse(Framing.NONE);
        Text schema = payload.requiredText("schema");
        return files.find(schema, reading(payload, framing, schema))
                .map(found -> new SchemaGuard.Check(
                        framing, new SchemaGuard.Source.Declared(found.file(), found.validator(), found.framed())));
    }
}
