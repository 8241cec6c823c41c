package dev.weir.proxy.telemetry;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people are told of a failure: its own words, or what its kind means; never the name of a Java class. */
public final class FailureWords {
    private static final Pattern WORD_BEGINS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private FailureWords() {}

    /** Of the first cause of all, which says it best: of TLS, what is wrong with the certificate. */
    public static String of(@Nullable Throwable failure) {
        Throwable first = failure;
        while (first != null && first.getCause() != null) {
            first = first.getCause();
        }
        return first == null ? "unknown" : ofItself(first);
    }

    /** Without asking what it was caused by. */
    public static String ofItself(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof NoSuchFileException) {
            return message + " does not exist"; // of those of files, the message is the file
        }
        if (failure instanceof AccessDeniedException) {
            return message + " is not Weir's user's to open";
        }
        if (failure instanceof UnknownHostException && message != null && message.indexOf(' ') < 0) {
            return "there is no host " + message;
        }
        return message == null || message.isBlank() ? kind(failure) : message;
    }

    private static String kind(Throwable failure) {
        if (failure instanceof ClosedChannelException || failure instanceof EOFException) {
            return "the connection was closed";
        }
        if (failure instanceof UnresolvedAddressException || failure instanceof UnknownHostException) {
            return "there is no such host";
        }
        if (failure instanceof TimeoutException || failure instanceof HttpTimeoutException) {
            return "no answer came in time";
        }
        if (failure instanceof ConnectException) {
            return "there is no connection";
        }
        String name = failure.getClass().getSimpleName().replaceAll("(Exception|Error)$", "");
        String words = WORD_BEGINS.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
        return words.isBlank() ? "an error without words" : words;
    }
}
