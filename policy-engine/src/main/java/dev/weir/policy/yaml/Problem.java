package dev.weir.policy.yaml;

/**
 * One mistake in a file, for the person who has to mend it.
 *
 * @param file the path as the reader was given it
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 where the file as a whole is meant
 * @param message what is wrong, and what to do; holds the suggestion where one exists
 * @param found what stands there, or empty
 * @param expected what could stand there, or empty
 */
public record Problem(String file, int line, int column, String message, String found, String expected) {

    public Problem(Position at, String message, String found, String expected) {
        this(at.file(), at.line(), at.column(), message, found, expected);
    }

    public Position at() {
        return new Position(file, line, column);
    }

    /** One line: {@code file:line:column: message: found X, expected Y}. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder().append(at()).append(": ").append(message);
        if (!found.isEmpty()) {
            line.append(": found ").append(found);
        }
        if (!expected.isEmpty()) {
            line.append(found.isEmpty() ? ": expected " : ", expected ").append(expected);
        }
        return line.toString().replace("\n", "\\n").replace("\r", "\\r");
    }
}
