package dev.weir.cli;

/**
 * A command cannot go on, for a reason that its user can do something about. The message is shown as it is, without a
 * stack trace; {@link ExitCode#UNUSABLE} follows.
 */
public final class CommandFailure extends RuntimeException {

    public CommandFailure(String message) {
        super(message);
    }

    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
