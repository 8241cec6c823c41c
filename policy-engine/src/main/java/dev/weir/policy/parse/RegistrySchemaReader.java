package dev.weir.policy.parse;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.schema.Limits;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.registry.SchemaDemand;
import dev.weir.schema.registry.SchemaDemand.Level;
import dev.weir.schema.registry.SubjectNaming;
import dev.weir.schema.registry.SubjectNaming.Strategy;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code key} or {@code value} of a {@code SchemaRule} whose schemas a registry has. */
final class RegistrySchemaReader {
    private static final Map<String, Strategy> NAMINGS =
            Map.of("topic", Strategy.TOPIC, "record", Strategy.RECORD, "topic-record", Strategy.TOPIC_RECORD);
    private static final Map<String, Level> LEVELS = Map.of("id", Level.ID, "payload", Level.PAYLOAD);

    private RegistrySchemaReader() {}

    static Optional<SchemaGuard.Check> read(YamlObject payload, Map<String, Framing> framings) {
        Problems problems = payload.problems();
        Text registry = payload.requiredText("registry");
        if (payload.text("schema").isPresent()) {
            problems.add(payload.at("schema"), "schemas come from one place", "both", "\"schema\" or \"registry\"");
        }
        Framing framing = payload.choice("framing", framings).orElse(Framing.CONFLUENT_PREFIX);
        if (framing == Framing.NONE) {
            problems.add(
                    payload.at("framing"),
                    "a record that says no schema cannot be looked up",
                    "none",
                    "confluent, confluent-headers, apicurio or apicurio-headers");
        }
        Optional<Text> subject = payload.text("subject");
        Optional<Strategy> naming = payload.choice("subjectNaming", NAMINGS);
        if (subject.isPresent() && naming.isPresent()) {
            problems.add(
                    payload.at("subjectNaming"),
                    "the subject is said twice",
                    "both",
                    "\"subject\" or \"subjectNaming\"");
        }
        SubjectNaming named = subject.<SubjectNaming>map(text -> new SubjectNaming.Fixed(text.value()))
                .orElse(naming.orElse(Strategy.TOPIC));
        Level level = payload.choice("level", LEVELS).orElse(Level.PAYLOAD);
        Reading reading = new Reading(
                framing,
                payload.text("message").map(Text::value).orElse(""),
                payload.choice("unknownFields", SchemaRuleReader.TAKEN).orElse(true),
                Limits.DEFAULT);
        SchemaDemand demand = new SchemaDemand(named, level, reading);
        return registry.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SchemaGuard.Check(framing, new SchemaGuard.Source.Registered(registry.value(), demand)));
    }
}
