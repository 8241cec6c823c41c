package dev.weir.cli.policy;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.cli.topology.MeshOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir policy suggest}. */
@Command(
        name = "suggest",
        description = {
            "Write the least policy that lets a service do what a running mesh saw it do.",
            "Exit code 0 when there is some, 1 when the service was seen and nothing of it got through."
        },
        mixinStandardHelpOptions = true)
final class PolicySuggestCommand implements Callable<Integer> {

    @Option(
            names = "--service",
            paramLabel = "NAME",
            required = true,
            description = "A Service; or a principal such as User:bob that is none yet.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String service;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "What was seen in this time until now, such as 12h or 7d (default: 7d).")
    private Duration since = Duration.ofDays(7);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** What {@code --json} prints, with these names. */
    record Answer(
            String service,
            boolean declared,
            long fromMillis,
            long untilMillis,
            long observedMillis,
            long askedMillis,
            List<Suggestion.TopicUse> topics,
            List<String> refused,
            String yaml) {}

    @Override
    public Integer call() {
        ObservedTraffic traffic = ObservedTraffic.ask(mesh.open(spec), since);
        if (traffic.edges().stream().noneMatch(seen -> seen.service().equals(service))) {
            String others = traffic.edges().stream()
                    .map(ObservedTraffic.Seen::service)
                    .distinct()
                    .sorted()
                    .limit(20)
                    .collect(Collectors.joining(", "));
            throw new CommandFailure("nothing was seen of " + service + " (observed: " + traffic.howLong() + "); "
                    + (others.isEmpty() ? "nobody was seen." : "seen were " + others + "."));
        }
        Suggestion suggestion = Suggestion.of(service, traffic);
        String yaml = String.join("\n", suggestion.yaml());
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                mesh.json()
                        ? JsonAnswer.of(new Answer(
                                service,
                                suggestion.declared(),
                                traffic.fromMillis(),
                                traffic.untilMillis(),
                                traffic.observedMillis(),
                                since.toMillis(),
                                suggestion.topics(),
                                suggestion.refused(),
                                yaml))
                        : yaml);
        return suggestion.topics().isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
}
