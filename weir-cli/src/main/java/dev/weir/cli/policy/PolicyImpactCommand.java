package dev.weir.cli.policy;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.Words;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.check.Reach;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.source.git.GitRevision;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir policy impact}. */
@Command(
        name = "impact",
        description = {
            "Say which traffic that a running mesh really saw a policy would cut, and which it would newly allow.",
            "Exit code 0 when nothing would be cut, 1 when something would, or may; 2 when the policy has mistakes.",
            "Example, in a checkout of the policy: weir policy impact origin/my-change"
        },
        mixinStandardHelpOptions = true)
final class PolicyImpactCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "DIR|REV",
            description = "A policy folder; or a Git revision of the folder that this is run in, such as HEAD~1,"
                    + " or REV:FOLDER.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String policy;

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description = "For a revision: in this folder of a Git repository instead.")
    private Path repository = Path.of("");

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
            String revision,
            long fromMillis,
            long untilMillis,
            long observedMillis,
            long askedMillis,
            List<Impact.Change> cut,
            List<Impact.Change> allowed,
            List<Impact.Change> dryRun,
            List<Impact.Change> unsure,
            int unchanged) {}

    @Override
    public Integer call() {
        Instant now = Clock.systemUTC().instant();
        PolicyFiles files = files();
        PolicyBuild build = PolicyBuild.of(files, now);
        Reach reach = build.snapshot()
                .map(snapshot -> new Reach(snapshot, now))
                .orElseThrow(() -> new CommandFailure("the policy has mistakes; it would not come into force.\n"
                        + build.problems().stream().map(Object::toString).collect(Collectors.joining("\n"))));
        ObservedTraffic traffic = ObservedTraffic.ask(mesh.open(spec), since);
        Impact impact = Impact.of(traffic, reach);
        PrintWriter out = spec.commandLine().getOut();
        if (mesh.json()) {
            out.println(JsonAnswer.of(new Answer(
                    files.revision(),
                    traffic.fromMillis(),
                    traffic.untilMillis(),
                    traffic.observedMillis(),
                    since.toMillis(),
                    impact.cut(),
                    impact.allowed(),
                    impact.dryRun(),
                    impact.unsure(),
                    impact.unchanged())));
        } else {
            print(out, traffic, impact);
        }
        return impact.cut().isEmpty() && impact.unsure().isEmpty() ? ExitCode.OK : ExitCode.NO;
    }

    private PolicyFiles files() {
        Path folder = Path.of(policy);
        if (Files.isDirectory(folder)) {
            return new PolicyFolder(folder).read();
        }
        try {
            return GitRevision.read(repository, policy);
        } catch (SourceException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static void print(PrintWriter out, ObservedTraffic traffic, Impact impact) {
        print(out, traffic, "would be cut", impact.cut());
        print(out, traffic, "may be cut: a condition asks for what was not observed", impact.unsure());
        print(out, traffic, "would pass in dry-run only", impact.dryRun());
        print(out, traffic, "would be allowed, and is denied now", impact.allowed());
        out.println(impact.cut().size() + " cut, " + impact.unsure().size() + " unsure, "
                + impact.dryRun().size() + " in dry-run only, "
                + impact.allowed().size() + " newly allowed, "
                + impact.unchanged() + " as before.");
        out.println("Observed: " + traffic.howLong() + ". What was not seen then is not in it.");
    }

    private static void print(PrintWriter out, ObservedTraffic traffic, String title, List<Impact.Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        out.println(title + ":");
        for (Impact.Change change : changes) {
            String group = change.group().isEmpty() ? "" : " in group " + change.group();
            String version = change.version().isEmpty() ? "" : " " + change.version();
            out.println("  " + change.service() + version + ": " + change.operation() + " " + change.topic() + group
                    + " (" + Words.rate(change.recordsPerSecond()) + ", last "
                    + Words.time(Math.max(0, traffic.untilMillis() - change.lastSeenMillis())) + " ago)");
            out.println("      by " + change.by());
        }
        out.println();
    }
}
