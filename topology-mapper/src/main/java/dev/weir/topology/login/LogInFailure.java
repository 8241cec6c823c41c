package dev.weir.topology.login;

/** Why a log-in failed, in words that people may see. */
final class LogInFailure extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    LogInFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    LogInFailure(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
