package dev.weir.cli.canary;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weir canary set NAME WEIGHT}. */
@Command(
        name = "set",
        description = "Take this weight, and stay there until somebody resumes it.",
        mixinStandardHelpOptions = true)
final class CanarySetCommand extends CanaryOrderCommand {

    @Parameters(index = "1", paramLabel = "WEIGHT", description = "A percentage, such as 10%% or 0.5%%.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String weight;

    CanarySetCommand() {
        super("set");
    }

    @Override
    Map<String, String> words() {
        return Map.of("weight", weight);
    }
}
