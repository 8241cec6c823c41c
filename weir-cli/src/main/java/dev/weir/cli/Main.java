package dev.weir.cli;

import dev.weir.cli.up.EarlyLoading;
import java.time.Duration;
import picocli.CommandLine;

/** Where the JVM starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("up")) {
            EarlyLoading.begin();
        }
        System.exit(commandLine().execute(arguments));
    }

    /** The whole grammar, ready to be executed. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new WeirCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Duration.class, new DurationConverter());
        line.setExecutionExceptionHandler(new FailureReport());
        return line;
    }
}
