package dev.weir.cli;

/** What the {@code weir} command tells the shell. */
public final class ExitCode {

    /** It did what was asked; the answer, if there was a question, is yes. */
    public static final int OK = 0;

    /** The question was answered, and the answer is no: policy is invalid, a test failed, access is denied. */
    public static final int NO = 1;

    /** It could not be done: wrong usage, wrong configuration, nothing to talk to. Nothing was started. */
    public static final int UNUSABLE = 2;

    private ExitCode() {}
}
