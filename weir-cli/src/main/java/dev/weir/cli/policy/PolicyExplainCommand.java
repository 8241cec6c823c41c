package dev.weir.cli.policy;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.policy.check.Explainer;
import dev.weir.policy.check.Explanation;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Query;
import dev.weir.policy.parse.QueryReader;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir policy explain}. */
@Command(
        name = "explain",
        description = {
            "Say why a service may or may not do something: the rule that decides, and the nearest that does not.",
            "Exit code 0 when it may (in dry-run too), 1 when it may not, 2 when the policy has mistakes.",
            "Example: weir policy explain policy --as payments --do consume --topic orders --group payments"
        },
        mixinStandardHelpOptions = true)
final class PolicyExplainCommand implements Callable<Integer> {

    private static final Pattern HYPHEN = Pattern.compile("-([a-z])");

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private FolderAndFormat asked;

    @Option(names = "--as", paramLabel = "SERVICE", required = true, description = "A Service, or anonymous.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String service;

    @Option(
            names = "--do",
            paramLabel = "ACTION",
            required = true,
            description = "produce, consume, or one of Kafka's operations, such as describe or alterConfigs.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String action;

    @Option(names = "--topic", paramLabel = "NAME", description = "On this topic.")
    private @Nullable String topic;

    @Option(names = "--group", paramLabel = "NAME", description = "On this consumer group.")
    private @Nullable String group;

    @Option(names = "--transactional-id", paramLabel = "NAME", description = "On this transactional id.")
    private @Nullable String transactionalId;

    @Option(names = "--cluster", description = "On the cluster.")
    private boolean cluster;

    @Option(names = "--client-id", paramLabel = "ID", description = "What the client calls itself.")
    private String clientId = "";

    @Override
    public Integer call() {
        PolicyFolder policy = asked.folder();
        Instant now = Clock.systemUTC().instant();
        PolicyBuild build = PolicyBuild.of(policy.read(), now);
        Query query = query();
        CompiledSnapshot snapshot = build.snapshot()
                .orElseThrow(() -> new CommandFailure("the policy has mistakes; nothing is decided by it.\n"
                        + policy.seenFromHere(build.problems()).stream()
                                .map(Object::toString)
                                .collect(Collectors.joining("\n"))));
        Explanation explanation = new Explainer(snapshot, now).explain(service, circumstances(), query);
        ExplanationText text =
                new ExplanationText(policy, service, explanation, Interventions.of(snapshot, service, topic, clientId));
        asked.print(text.answer(), out -> text.lines().forEach(out::println));
        return explanation.deciding().decision().passes() ? ExitCode.OK : ExitCode.NO;
    }

    private Query query() {
        Map<ResourceType, String> names = new LinkedHashMap<>();
        put(names, ResourceType.TOPIC, topic);
        put(names, ResourceType.GROUP, group);
        put(names, ResourceType.TRANSACTIONAL_ID, transactionalId);
        put(names, ResourceType.CLUSTER, cluster ? ResourceType.CLUSTER_NAME : null);
        if (names.isEmpty()) {
            throw new CommandFailure(
                    "what is it about? Expected at least one of --topic, --group, --transactional-id, --cluster.");
        }
        try {
            return QueryReader.query(policysWord(action), names);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage() + ".", e);
        }
    }

    /** Kafka's tools write alter-configs what policy writes alterConfigs. */
    private static String policysWord(String action) {
        return HYPHEN.matcher(action).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }

    private static void put(Map<ResourceType, String> names, ResourceType type, @Nullable String name) {
        if (name != null) {
            names.put(type, name);
        }
    }

    private Circumstances circumstances() {
        return new Circumstances(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), clientId);
    }

    /** What {@code --json} prints, with these names. */
    record Answer(
            String as, String question, String decision, List<StepAnswer> steps, List<InterventionAnswer> meets) {}

    /** A fault on purpose or a quota that it would meet. */
    record InterventionAnswer(String kind, String name, String file, int line, String what, String mode) {}

    /** One operation of the question; {@code nearest} is there when a rule came near to deciding otherwise. */
    record StepAnswer(
            String resource,
            String name,
            String operation,
            String decision,
            String rule,
            String file,
            int line,
            @Nullable NearAnswer nearest) {}

    /** A rule that did not decide, and why. */
    record NearAnswer(String rule, String file, int line, List<String> reasons) {}
}
