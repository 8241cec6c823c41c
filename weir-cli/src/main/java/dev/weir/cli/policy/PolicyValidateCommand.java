package dev.weir.cli.policy;

import dev.weir.cli.ExitCode;
import dev.weir.mesh.log.Counted;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.yaml.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir policy validate}. */
@Command(
        name = "validate",
        description = {
            "Find every mistake in a folder of policy files.",
            "Exit code 0 when there is none, 1 when there are, 2 when the folder cannot be read."
        },
        mixinStandardHelpOptions = true)
final class PolicyValidateCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private FolderAndFormat asked;

    /** What {@code --json} prints, with these names. */
    record Answer(boolean valid, String revision, int files, List<Problem> problems) {}

    @Override
    public Integer call() {
        PolicyFolder policy = asked.folder();
        PolicyFiles files = policy.read();
        Parsed parsed = PolicyParser.parse(files.files());
        List<Problem> problems = policy.seenFromHere(parsed.problems());
        Answer answer =
                new Answer(parsed.isGood(), files.revision(), files.files().size(), problems);
        asked.print(answer, out -> print(out, answer));
        return parsed.isGood() ? ExitCode.OK : ExitCode.NO;
    }

    private static void print(PrintWriter out, Answer answer) {
        if (answer.valid()) {
            out.println(Counted.of(answer.files(), "file") + ", no mistakes.");
        } else {
            answer.problems().forEach(out::println);
            out.println(Counted.of(answer.problems().size(), "mistake") + ".");
        }
    }
}
