package dev.weir.schema.registry;

import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why no answer came, and where there is one, what to look at. */
final class FailedQuestion {
    private FailedQuestion() {}

    /**
     * As what it is thrown on.
     *
     * @param cause what sending it failed with
     * @return a {@link RegistryException}, or an {@link UnusableSchemaException} when the answer was too long
     */
    static RuntimeException of(Throwable cause, RegistrySettings settings) {
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return new RegistryException(
                    RegistryFailure.TIMEOUT, "it did not answer within " + settings.timeoutMillis() + " ms");
        }
        UnusableSchemaException unusable = find(UnusableSchemaException.class, cause);
        if (unusable != null) {
            return unusable;
        }
        SSLException tls = find(SSLException.class, cause);
        if (tls != null) {
            return new RegistryException(RegistryFailure.TLS, "TLS with it fails: " + tls(tls));
        }
        if (cause instanceof IOException) {
            return new RegistryException(
                    RegistryFailure.UNREACHABLE, "it cannot be reached: " + unreachable(cause, settings));
        }
        return new RegistryException(
                RegistryFailure.NOT_UNDERSTOOD, "it cannot be asked: " + FailureWords.ofItself(cause));
    }

    private static String tls(SSLException cause) {
        String said = String.valueOf(cause.getMessage());
        if (find(CertPathBuilderException.class, cause) != null) {
            return "its certificate is signed by nobody whom Weir is told to trust; tls.trust (on a command line"
                    + " --registry-trust) names who signs it";
        }
        if (said.contains("certificate_required")) {
            return "it wants a certificate of Weir (tls.certificate and tls.key), and there is none";
        }
        return FailureWords.ofItself(cause);
    }

    private static String unreachable(Throwable cause, RegistrySettings settings) {
        if (find(UnresolvedAddressException.class, cause) != null || find(UnknownHostException.class, cause) != null) {
            return "there is no host " + settings.url().getHost();
        }
        String said = cause.getMessage();
        if (cause instanceof ConnectException) {
            return "no connection to " + settings.url().getAuthority() + (said == null ? "" : " (" + said + ")");
        }
        return said == null ? "the connection was closed" : FailureWords.ofItself(cause);
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable cause) {
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (type.isInstance(deeper)) {
                return type.cast(deeper);
            }
        }
        return null;
    }
}
