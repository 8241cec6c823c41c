package dev.weir.cli.canary;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.status.HttpPost;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.ViewJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is said to a canary, and waits for the answer of the controller. A refusal is the exit code 1. */
abstract class CanaryOrderCommand implements Callable<Integer> {
    private static final int REFUSED = 409;

    @Parameters(index = "0", paramLabel = "NAME", description = "The canary, by its name in policy.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who look at it later.")
    private String reason = "";

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final String action;

    CanaryOrderCommand(String action) {
        this.action = action;
    }

    /** What is said besides, such as the weight. */
    Map<String, String> words() {
        return Map.of();
    }

    @Override
    public Integer call() {
        Map<String, String> words = new LinkedHashMap<>(words());
        words.put("reason", reason);
        HttpPost.Response response = mesh.open(spec).tellCanary(name, action, ViewJson.oneLine(words));
        if (response.status() == HttpPost.OK) {
            String said = mesh.json() ? response.body() : name + ": " + response.field("detail");
            spec.commandLine().getOut().println(said);
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        String problem = response.problem();
        if (response.status() == REFUSED) {
            spec.commandLine().getErr().println("weir: " + problem);
            spec.commandLine().getErr().flush();
            return ExitCode.NO;
        }
        throw new CommandFailure(problem);
    }

    /** {@code weir canary pause NAME}. */
    @Command(
            name = "pause",
            description = "Keep the weight that holds until somebody resumes it. Gates that abort still do.",
            mixinStandardHelpOptions = true)
    static final class Pause extends CanaryOrderCommand {
        Pause() {
            super("pause");
        }
    }

    /** {@code weir canary resume NAME}. */
    @Command(
            name = "resume",
            description = "Go on from the weight that there is; from the first step after an abort.",
            mixinStandardHelpOptions = true)
    static final class Resume extends CanaryOrderCommand {
        Resume() {
            super("resume");
        }
    }

    /** {@code weir canary promote NAME}. */
    @Command(
            name = "promote",
            description = "Give every key to the canary, and ask no gate any more.",
            mixinStandardHelpOptions = true)
    static final class Promote extends CanaryOrderCommand {
        Promote() {
            super("promote");
        }
    }

    /** {@code weir canary abort NAME}. */
    @Command(
            name = "abort",
            description = {
                "Give nothing more to the canary.",
                "What it owns already stays its own: let it run until that is done, or an old version under its name."
            },
            mixinStandardHelpOptions = true)
    static final class Abort extends CanaryOrderCommand {
        Abort() {
            super("abort");
        }
    }
}
