package dev.weir.cli.policy;

import dev.weir.cli.JsonAnswer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What every policy command is told: the folder, and whether people or programs read the answer. */
final class FolderAndFormat {

    @Parameters(paramLabel = "DIR", description = "The policy folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    PolicyFolder folder() {
        return new PolicyFolder(folder);
    }

    /** Prints an answer, in the one form or the other. */
    void print(Object answer, Consumer<PrintWriter> forPeople) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonAnswer.of(answer));
        } else {
            forPeople.accept(out);
        }
    }
}
