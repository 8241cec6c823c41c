package dev.weir.mesh.log;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people are told of a failure: its own words, or what its kind means; never the name of a Java class. */
public final class FailureWords {
    private static final String NONE = "an error without words";
    private static final Pattern WORD_BEGINS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    /** Of the JDK and of the libraries here: topics and the types of schemas may be called as exceptions are. */
    private static final String CLASS_NAME =
            "\\b(?:javax?|jdk|sun|com\\.(?:sun|nimbusds)|dev\\.weir|io\\.(?:netty|vertx)"
                    + "|org\\.(?:apache\\.(?:avro|kafka)|bouncycastle|eclipse\\.jgit|jose4j))\\."
                    + "(?:[a-z][a-z0-9_]*\\.)*(?:\\w+\\$)*([A-Z]\\w*(?:Exception|Error))\\b";

    /** What libraries put a cause behind. */
    private static final Pattern NAMED_BEFORE = Pattern.compile(CLASS_NAME + ":\\s+(?=\\S)");

    private static final Pattern NAMED = Pattern.compile(CLASS_NAME);

    private FailureWords() {}

    /** Of the first cause of all, which says it best: of TLS, what is wrong with the certificate. */
    public static String of(@Nullable Throwable failure) {
        Throwable first = failure;
        while (first != null && first.getCause() != null) {
            first = first.getCause();
        }
        return first == null ? "unknown" : ofItself(first);
    }

    /** Without asking what it was caused by, unless that is all that it says. */
    public static String ofItself(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof NoSuchFileException) {
            return message + " does not exist"; // of those of files, the message is the file
        }
        if (failure instanceof AccessDeniedException) {
            return message + " is not Weir's user's to open";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null && isKind(file)) {
            return message + ": " + words(file.getClass().getSimpleName());
        }
        if (failure instanceof UnknownHostException && message != null && message.indexOf(' ') < 0) {
            return "there is no host " + message;
        }
        Throwable cause = failure.getCause();
        if (cause != null && cause.toString().equals(message)) {
            return ofItself(cause);
        }
        boolean machines = failure instanceof NullPointerException || failure instanceof ClassCastException;
        return message == null || message.isBlank() || machines ? kind(failure) : plain(message);
    }

    /** What is wrong with a file, to go behind its name: of most exceptions of files, the name is all that they say. */
    public static String ofFile(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "this user may not";
        }
        if (failure instanceof FileSystemException file) {
            String reason = file.getReason();
            if (reason != null && !reason.isBlank()) {
                return reason;
            }
            return isKind(file) ? words(file.getClass().getSimpleName()) : "the system gives no reason";
        }
        return ofItself(failure);
    }

    /** A message without the names of exceptions that libraries put into it. */
    public static String plain(String message) {
        String without = NAMED_BEFORE.matcher(message).replaceAll("");
        return NAMED.matcher(without).replaceAll(named -> words(named.group(1)));
    }

    /** Of which the class says what is wrong: that a file already exists, that something is not a folder. */
    private static boolean isKind(FileSystemException failure) {
        return failure.getClass() != FileSystemException.class;
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
        return words(failure.getClass().getSimpleName());
    }

    /** Of what says nothing but that it is one, as {@code IOException} does, none. */
    private static String words(String className) {
        String name = className.replaceAll("(Exception|Error)$", "");
        String words = WORD_BEGINS.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
        return words.isBlank() || words.equals("io") || words.equals("runtime") ? NONE : words;
    }
}
