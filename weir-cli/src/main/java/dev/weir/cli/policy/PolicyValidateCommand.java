package dev.weir.cli.policy;

import dev.weir.cli.ExitCode;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.yaml.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir policy validate}. */
@Command(
        name = "validate",
        description = {
            "Find every mistake in a folder of policy files.",
            "Exit code 0 when there is none, 1 when there are, 2 when the folder cannot be read."
        },
        mixinStandardHelpOptions = true)
final class PolicyValidateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The policy folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** What {@code --json} prints, with these names. */
    record Answer(boolean valid, String revision, int files, List<Problem> problems) {}

    @Override
    public Integer call() {
        PolicyFolder policy = new PolicyFolder(folder);
        PolicyFiles files = policy.read();
        Parsed parsed = PolicyParser.parse(files.files());
        List<Problem> problems = policy.seenFromHere(parsed.problems());
        PrintWriter out = spec.commandLine().getOut();
        int count = files.files().size();
        if (json) {
            out.println(PolicyFolder.json(new Answer(parsed.isGood(), files.revision(), count, problems)));
        } else if (parsed.isGood()) {
            out.println(PolicyFolder.count(count, "file") + ", no mistakes.");
        } else {
            problems.forEach(out::println);
            out.println(PolicyFolder.count(problems.size(), "mistake") + ".");
        }
        return parsed.isGood() ? ExitCode.OK : ExitCode.NO;
    }
}
