package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.mesh.log.FailureWords;
import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Auth;
import io.github.jopenlibs.vault.api.Logical;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.json.JsonValue;
import io.github.jopenlibs.vault.response.AuthResponse;
import io.github.jopenlibs.vault.response.LogicalResponse;
import io.github.jopenlibs.vault.response.LookupResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Vault's HTTP API through its Java driver. Each call blocks for at most the timeout, twice. What the driver would take
 * from environment variables (a token, that certificates need not be verified) it does not find. Its own TLS set-up knows
 * one authority alone, and it makes a new HTTP client for each request: it is given one. Its entrance, {@code Vault}, logs
 * each time that it is made: what lies behind is made instead.
 */
final class VaultConnection {
    /** Paths are written as Vault's API has them: with 1 the driver leaves them alone. */
    private static final int PATHS_AS_THEY_ARE = 1;

    private final VaultSettings settings;
    private final HttpClient client;

    VaultConnection(VaultSettings settings) throws VaultFailure {
        this.settings = settings;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL) // from a standby to the active one
                .connectTimeout(settings.timeout());
        Path trust = settings.trust().orElse(null);
        if (trust != null) {
            builder.sslContext(trusting(trust));
        }
        this.client = builder.build();
    }

    private static SSLContext trusting(Path file) throws VaultFailure {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : Pem.certificates(Files.readString(file))) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | IdentityException | GeneralSecurityException e) {
            throw new VaultFailure(Kind.TLS, file + " holds no authorities to trust: " + FailureWords.ofItself(e));
        }
    }

    /** Nothing of the environment. */
    private static final class NoEnvironment extends EnvironmentLoader {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable String loadVariable(String name) {
            return null;
        }
    }

    private VaultConfig driver(@Nullable VaultToken token) throws VaultException {
        int seconds = (int) Math.max(1, settings.timeout().toSeconds());
        VaultConfig config = new VaultConfig()
                .environmentLoader(new NoEnvironment())
                .address(settings.address().toString())
                .httpClient(client)
                .openTimeout(seconds)
                .readTimeout(seconds)
                .engineVersion(PATHS_AS_THEY_ARE);
        if (!settings.namespace().isEmpty()) {
            config.nameSpace(settings.namespace());
        }
        if (token != null) {
            config.token(token.value());
        }
        return config.build();
    }

    /** A new token. */
    VaultToken logIn() throws VaultFailure {
        VaultLogIn logIn = settings.logIn();
        if (logIn instanceof VaultLogIn.TokenFile given) {
            return lookUp(new VaultToken(secret(given.file()), Duration.ZERO, false));
        }
        if (logIn instanceof VaultLogIn.Token given) {
            return lookUp(new VaultToken(given.value(), Duration.ZERO, false));
        }
        String what = "the log-in by " + logIn.title();
        try {
            if (logIn instanceof VaultLogIn.AppRole role) {
                String secretId = secret(role.secretIdFile());
                return token(new Auth(driver(null)).loginByAppRole(role.mount(), role.roleId(), secretId), what);
            }
            VaultLogIn.Kubernetes account = (VaultLogIn.Kubernetes) logIn;
            String jwt = secret(account.tokenFile());
            return token(
                    new Auth(driver(null)).loginByKubernetes(account.role(), jwt, "auth/" + account.mount()), what);
        } catch (VaultException e) {
            throw asLogIn(VaultErrors.failure(e, settings, what));
        }
    }

    /** Whatever is wrong with a log-in that does not pass by itself is the log-in's. */
    private static VaultFailure asLogIn(VaultFailure failure) {
        return switch (failure.kind()) {
            case DENIED, MISSING, INVALID -> new VaultFailure(Kind.LOG_IN, String.valueOf(failure.getMessage()));
            default -> failure;
        };
    }

    private static String secret(Path file) throws VaultFailure {
        try {
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw new VaultFailure(Kind.LOG_IN, "the file " + file + " is empty");
            }
            return text;
        } catch (IOException e) {
            throw new VaultFailure(Kind.LOG_IN, "the file " + file + " cannot be read: " + FailureWords.ofFile(e));
        }
    }

    private VaultToken lookUp(VaultToken given) throws VaultFailure {
        try {
            LookupResponse answer = new Auth(driver(given)).lookupSelf();
            return new VaultToken(given.value(), Duration.ofSeconds(answer.getTTL()), answer.isRenewable());
        } catch (VaultException e) {
            throw asLogIn(VaultErrors.failure(e, settings, "the token"));
        } catch (RuntimeException e) {
            // the driver's way to say that the answer was not what it expects
            throw new VaultFailure(Kind.INVALID, "Vault's answer about the token makes no sense");
        }
    }

    /** Whether Vault still knows the token. */
    boolean accepts(VaultToken token) throws VaultFailure {
        try {
            lookUp(token);
            return true;
        } catch (VaultFailure e) {
            if (e.kind() == Kind.LOG_IN) {
                return false;
            }
            throw e;
        }
    }

    /** The same token, for longer. */
    VaultToken renew(VaultToken token) throws VaultFailure {
        try {
            return token(new Auth(driver(token)).renewSelf(), "renewal of the token");
        } catch (VaultException e) {
            throw asLogIn(VaultErrors.failure(e, settings, "renewal of the token"));
        }
    }

    private static VaultToken token(AuthResponse answer, String what) throws VaultFailure {
        String token = answer.getAuthClientToken();
        if (token == null || token.isEmpty()) {
            throw new VaultFailure(Kind.INVALID, "Vault's answer to " + what + " holds no token");
        }
        return new VaultToken(token, Duration.ofSeconds(answer.getAuthLeaseDuration()), answer.isAuthRenewable());
    }

    /**
     * Reads a secret. Of KV version 2 (its path has {@code data/} in it) the newest version is read.
     *
     * @return its fields, of those that are text
     */
    Map<String, String> read(VaultToken token, String path) throws VaultFailure {
        try {
            LogicalResponse answer = new Logical(driver(token)).read(path);
            VaultErrors.require(answer.getRestResponse(), settings, "reading " + path);
            JsonObject data = answer.getDataObject();
            if (data == null) {
                throw new VaultFailure(Kind.INVALID, "what Vault has at " + path + " is no secret");
            }
            JsonValue inner = data.get("data");
            boolean versioned = data.get("metadata") != null && inner != null;
            if (versioned && !inner.isObject()) {
                throw new VaultFailure(Kind.MISSING, "the secret " + path + " was deleted");
            }
            return texts(versioned ? inner.asObject() : data);
        } catch (VaultException e) {
            throw VaultErrors.failure(e, settings, "reading " + path);
        }
    }

    private static Map<String, String> texts(JsonObject fields) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (JsonObject.Member field : fields) {
            if (field.getValue().isString()) {
                texts.put(field.getName(), field.getValue().asString());
            }
        }
        return texts;
    }

    /** Writes, and returns the answer's data. */
    JsonObject write(VaultToken token, String path, Map<String, Object> body) throws VaultFailure {
        try {
            LogicalResponse answer = new Logical(driver(token)).write(path, body);
            VaultErrors.require(answer.getRestResponse(), settings, "writing " + path);
            JsonObject data = answer.getDataObject();
            if (data == null) {
                throw new VaultFailure(Kind.INVALID, "Vault's answer to " + path + " holds nothing");
            }
            return data;
        } catch (VaultException e) {
            throw VaultErrors.failure(e, settings, "writing " + path);
        }
    }
}
