package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.SchemaSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir schema check}. */
@Command(
        name = "check",
        description = {
            "Compare the schemas (*.avsc, *.json, *.proto) of a folder with those of before, by file name;",
            "with those of a registry, whose subjects are the names of the files without their endings.",
            "Exit code 0 when they are compatible, 1 when not, 2 when one of them is no schema.",
            "In CI: weir schema check --against git:origin/main schemas/"
        },
        mixinStandardHelpOptions = true)
final class SchemaCheckCommand implements Callable<Integer> {
    private static final String GIT = "git:";

    @Parameters(paramLabel = "DIR", description = "The folder with the new schemas.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Option(
            names = "--against",
            paramLabel = "DIR|git:REV|URL",
            required = true,
            description =
                    "The schemas of before: another folder, or the same folder in a Git revision; git:REV:FOLDER for another folder of it; or the URL of a registry.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String against;

    @Option(
            names = "--compatibility",
            paramLabel = "LEVEL",
            defaultValue = "backward",
            converter = Level.Converter.class,
            description = {
                "backward: consumers with the new schema read old records; forward: consumers with the old schema read new records; full: both. Default: ${DEFAULT-VALUE}.",
                "With -transitive: old are all versions that a registry has, and not only the latest."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Level level;

    @Mixin
    private final RegistryOptions registry = new RegistryOptions();

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /**
     * What {@code --json} prints, with these names.
     *
     * @param compared files that are on both sides
     * @param added files that are new
     * @param removed files that are gone
     */
    record Answer(
            boolean compatible,
            String compatibility,
            String against,
            List<String> compared,
            List<String> added,
            List<String> removed,
            List<Broken> breaches) {}

    @Override
    public Integer call() {
        SchemaFiles files = SchemaFiles.of(folder);
        Answer answer;
        try {
            answer = isUrl() ? withRegistry(files) : withFiles(files, before());
        } catch (SchemaFileException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonAnswer.of(answer));
        } else {
            print(out, answer);
        }
        return answer.compatible() ? ExitCode.OK : ExitCode.NO;
    }

    private boolean isUrl() {
        return against.startsWith("http:") || against.startsWith("https:");
    }

    private Answer withRegistry(SchemaFiles files) throws SchemaFileException {
        if (files.isEmpty()) {
            throw nothing(files.where() + " has no");
        }
        RegistryComparison comparison =
                new RegistryComparison(registry.versions(RegistryUrl.of("--against", against)), against);
        comparison.compare(files.parsed(), level);
        return answer(against, comparison.compared(), comparison.added(), List.of(), comparison.broken());
    }

    private Answer withFiles(SchemaFiles files, SchemaFiles before) throws SchemaFileException {
        if (level.transitive()) {
            throw new CommandFailure("--compatibility " + level + ": only a registry has all versions; "
                    + before.where() + " has one of each, so it is " + new Level(level.compatibility(), false));
        }
        if (files.isEmpty() && before.isEmpty()) {
            throw nothing("neither " + files.where() + " nor " + before.where() + " has a");
        }
        SchemaSet schemas = files.parsed();
        SchemaSet old = before.parsed();
        return answer(
                before.where(),
                schemas.files().stream().filter(old.files()::contains).toList(),
                schemas.files().stream()
                        .filter(file -> !old.files().contains(file))
                        .toList(),
                old.files().stream()
                        .filter(file -> !schemas.files().contains(file))
                        .toList(),
                schemas.breaches(old, level.compatibility()).stream()
                        .map(breach -> Broken.of(breach, null))
                        .toList());
    }

    private Answer answer(
            String old, List<String> compared, List<String> added, List<String> removed, List<Broken> broken) {
        return new Answer(broken.isEmpty(), level.toString(), old, compared, added, removed, broken);
    }

    private static CommandFailure nothing(String who) {
        return new CommandFailure(who + " schema (*.avsc, *.json, *.proto)");
    }

    private SchemaFiles before() {
        return against.startsWith(GIT)
                ? SchemaFiles.of(folder, against.substring(GIT.length()))
                : SchemaFiles.of(Path.of(against));
    }

    private static void print(PrintWriter out, Answer answer) {
        answer.breaches().forEach(breach -> out.println(breach.text()));
        answer.removed().forEach(file -> out.println(file + ": is gone; nothing is compared with it"));
        out.printf(
                "%d compared with %s, %d new, %d gone: %s%n",
                answer.compared().size(),
                answer.against(),
                answer.added().size(),
                answer.removed().size(),
                answer.compatible()
                        ? answer.compatibility() + " compatible."
                        : "not " + answer.compatibility() + " compatible.");
    }
}
