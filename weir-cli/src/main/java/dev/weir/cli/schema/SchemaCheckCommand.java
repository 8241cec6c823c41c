package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.SchemaSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code weir schema check}. */
@Command(
        name = "check",
        description = {
            "Compare the schemas (*.avsc, *.json, *.proto) of a folder with those of before, by file name.",
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
            paramLabel = "DIR|git:REV",
            required = true,
            description =
                    "The schemas of before: another folder, or the same folder in a Git revision; git:REV:FOLDER for another folder of it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String against;

    @Option(
            names = "--compatibility",
            paramLabel = "LEVEL",
            defaultValue = "backward",
            converter = Level.class,
            description = {
                "backward: consumers with the new schema read old records; forward: consumers with the old schema read new records; full: both. Default: ${DEFAULT-VALUE}."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Compatibility compatibility;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Levels in lower case. */
    static final class Level implements ITypeConverter<Compatibility> {
        @Override
        public Compatibility convert(String value) {
            for (Compatibility level : Compatibility.values()) {
                if (name(level).equals(value)) {
                    return level;
                }
            }
            throw new TypeConversionException("expected backward, forward or full but was '" + value + "'");
        }

        static String name(Compatibility level) {
            return level.name().toLowerCase(Locale.ROOT);
        }
    }

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
            List<Breach> breaches) {}

    @Override
    public Integer call() {
        SchemaFiles files = SchemaFiles.of(folder);
        SchemaFiles before = before();
        if (files.isEmpty() && before.isEmpty()) {
            throw new CommandFailure(
                    "neither " + files.where() + " nor " + before.where() + " has a schema (*.avsc, *.json, *.proto)");
        }
        SchemaSet schemas = files.parsed();
        SchemaSet old = before.parsed();
        List<Breach> breaches = breaches(schemas, old);
        Answer answer = new Answer(
                breaches.isEmpty(),
                Level.name(compatibility),
                before.where(),
                schemas.files().stream().filter(old.files()::contains).toList(),
                schemas.files().stream()
                        .filter(file -> !old.files().contains(file))
                        .toList(),
                old.files().stream()
                        .filter(file -> !schemas.files().contains(file))
                        .toList(),
                breaches);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonAnswer.of(answer));
        } else {
            print(out, answer);
        }
        return answer.compatible() ? ExitCode.OK : ExitCode.NO;
    }

    private List<Breach> breaches(SchemaSet schemas, SchemaSet old) {
        try {
            return schemas.breaches(old, compatibility);
        } catch (SchemaFileException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private SchemaFiles before() {
        if (against.startsWith(GIT)) {
            return SchemaFiles.of(folder, against.substring(GIT.length()));
        }
        if (against.startsWith("http://") || against.startsWith("https://")) {
            throw new CommandFailure("--against " + against
                    + " is a registry, which cannot be compared with yet; name a folder, or git:REVISION");
        }
        return SchemaFiles.of(Path.of(against));
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
