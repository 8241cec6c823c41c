package dev.weir.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Runs {@code weir} with arguments, inside this JVM. */
public final class CommandLineHarness {

    private CommandLineHarness() {}

    /** What came of it. */
    public record Result(int exitCode, String out, String err) {}

    public static Result weir(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        line.getOut().flush();
        line.getErr().flush();
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** As {@link #weir}, with something on standard input. */
    public static Result weirWithInput(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return weir(arguments);
        } finally {
            System.setIn(before);
        }
    }
}
