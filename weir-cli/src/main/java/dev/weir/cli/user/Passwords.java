package dev.weir.cli.user;

import dev.weir.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a password: from the terminal without showing it, or the first line of standard input. Never an argument. */
final class Passwords {

    private Passwords() {}

    static String read(InputStream in, @Nullable Console console) {
        String password = console == null ? firstLine(in) : prompted(console);
        if (password.isEmpty()) {
            throw new CommandFailure("the password is empty; nothing was changed.");
        }
        return password;
    }

    private static String prompted(Console console) {
        char[] first = typed(console, "Password: ");
        char[] second = typed(console, "Again: ");
        if (!Arrays.equals(first, second)) {
            throw new CommandFailure("the passwords are not the same; nothing was changed.");
        }
        return new String(first);
    }

    private static char[] typed(Console console, String prompt) {
        char[] typed = console.readPassword("%s", prompt);
        return typed == null ? new char[0] : typed;
    }

    private static String firstLine(InputStream in) {
        try {
            String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new CommandFailure("the password cannot be read from standard input: " + e.getMessage(), e);
        }
    }
}
