package dev.weir.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says why a command failed: in words where it was foreseen, with a stack trace where it is a defect of Weir. */
final class FailureReport implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof CommandFailure) {
            line.getErr().println("weir: " + failure.getMessage());
        } else {
            line.getErr().println("weir: this is a defect of Weir; please report it with what follows.");
            failure.printStackTrace(line.getErr());
        }
        line.getErr().flush();
        return ExitCode.UNUSABLE;
    }
}
