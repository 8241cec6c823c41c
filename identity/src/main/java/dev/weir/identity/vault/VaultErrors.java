package dev.weir.identity.vault;

import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.mesh.log.FailureWords;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.json.Json;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.json.JsonValue;
import io.github.jopenlibs.vault.rest.RestResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What an answer of Vault, or its absence, comes to. The driver's own messages hold whole bodies of answers: of those only
 * Vault's list of errors is shown, in one short line.
 */
final class VaultErrors {
    private static final int SHOWN_MAX = 300;
    private static final String BODY = "\nResponse body: ";
    private static final Pattern STATUS = Pattern.compile("(?s)HTTP status code: \\d+ (\\{.*)");

    private VaultErrors() {}

    /** Fails unless the answer is one of success. */
    static void require(RestResponse answer, VaultSettings settings, String what) throws VaultFailure {
        int status = answer.getStatus();
        if (status >= 300) {
            throw failure(status, errors(new String(answer.getBody(), StandardCharsets.UTF_8)), settings, what);
        }
    }

    static VaultFailure failure(VaultException e, VaultSettings settings, String what) {
        int status = e.getHttpStatusCode();
        if (status > 0) {
            return failure(status, errors(body(String.valueOf(e.getMessage()))), settings, what);
        }
        String vault = "Vault at " + settings.address();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return new VaultFailure(
                        Kind.TLS, vault + " and Weir do not agree on TLS: " + oneLine(FailureWords.ofItself(cause)));
            }
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                return new VaultFailure(Kind.UNREACHABLE, vault + " was not waited for");
            }
            if (cause instanceof HttpTimeoutException) {
                return new VaultFailure(
                        Kind.UNREACHABLE,
                        vault + " does not answer within " + settings.timeout().toSeconds() + " s");
            }
            if (cause instanceof ConnectException) {
                return new VaultFailure(Kind.UNREACHABLE, vault + " cannot be reached");
            }
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return new VaultFailure(
                        Kind.UNREACHABLE, vault + " broke off: " + oneLine(FailureWords.ofItself(cause)));
            }
        }
        return new VaultFailure(Kind.INVALID, vault + ": " + what + " failed: " + oneLine(FailureWords.ofItself(e)));
    }

    private static VaultFailure failure(int status, String errors, VaultSettings settings, String what) {
        String said = errors.isEmpty() ? "" : ": " + errors;
        String vault = "Vault at " + settings.address();
        return switch (status) {
            case 400 -> new VaultFailure(Kind.INVALID, "Vault refuses " + what + said);
            case 403 -> new VaultFailure(Kind.DENIED, "Vault denies " + what + said);
            case 404 -> new VaultFailure(Kind.MISSING, "Vault has nothing there for " + what + said);
            case 429 -> new VaultFailure(Kind.THROTTLED, vault + " takes no more requests for now (429)" + said);
            case 503 -> new VaultFailure(Kind.UNAVAILABLE, vault + " is sealed or not ready (503)" + said);
            default ->
                status >= 500
                        ? new VaultFailure(Kind.UNAVAILABLE, vault + " is in trouble (" + status + ")" + said)
                        : new VaultFailure(Kind.INVALID, vault + " answers " + status + " to " + what + said);
        };
    }

    /** The part of a message of the driver's that is the answer's body. */
    private static String body(String message) {
        int at = message.indexOf(BODY);
        if (at >= 0) {
            return message.substring(at + BODY.length());
        }
        Matcher pki = STATUS.matcher(message);
        return pki.find() ? pki.group(1) : "";
    }

    private static String errors(String body) {
        try {
            JsonValue parsed = Json.parse(body);
            List<String> errors = new ArrayList<>();
            if (parsed.isObject()) {
                JsonObject object = parsed.asObject();
                JsonValue list = object.get("errors");
                if (list != null && list.isArray()) {
                    list.asArray().forEach(error -> errors.add(error.isString() ? error.asString() : error.toString()));
                }
            }
            return oneLine(String.join("; ", errors));
        } catch (RuntimeException e) {
            return "";
        }
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX) + "..." : line;
    }
}
