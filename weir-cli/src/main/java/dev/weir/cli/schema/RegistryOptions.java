package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.config.HttpUrl;
import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemContext;
import dev.weir.proxy.tls.PemFile;
import dev.weir.schema.registry.RegistryAccess;
import dev.weir.schema.registry.RegistryReader;
import dev.weir.schema.registry.RegistrySettings;
import dev.weir.schema.registry.RegistryVersions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command comes to a registry: from the environment unless an option says otherwise. Secrets are in files only. */
final class RegistryOptions {
    private static final int TIMEOUT_MILLIS = 10_000;

    @Option(
            names = "--registry-username",
            paramLabel = "NAME",
            defaultValue = "${env:WEIR_REGISTRY_USERNAME}",
            description = "Who logs in to the registry (default: WEIR_REGISTRY_USERNAME).")
    private @Nullable String username;

    @Option(
            names = "--registry-password-file",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REGISTRY_PASSWORD_FILE}",
            description = "Holds the password (default: WEIR_REGISTRY_PASSWORD_FILE).")
    private @Nullable Path passwordFile;

    @Option(
            names = "--registry-token-file",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REGISTRY_TOKEN_FILE}",
            description = "Holds a bearer token, in place of name and password (default: WEIR_REGISTRY_TOKEN_FILE).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--registry-trust",
            paramLabel = "FILE",
            defaultValue = "${env:WEIR_REGISTRY_TRUST}",
            description = "Who signs its certificate, in PEM (default: WEIR_REGISTRY_TRUST, or the JDK's own list).")
    private @Nullable Path trust;

    @Option(
            names = "--registry-certificate",
            paramLabel = "FILE",
            description = "A certificate to show it, in PEM; only with --registry-key.")
    private @Nullable Path certificate;

    @Option(names = "--registry-key", paramLabel = "FILE", description = "The key of the certificate, in PEM (PKCS#8).")
    private @Nullable Path key;

    /**
     * Ready to ask it; nothing is asked yet.
     *
     * @throws CommandFailure when what is said does not fit together
     */
    RegistryVersions versions(URI url) {
        return new RegistryVersions(settings(url), access(url));
    }

    /** As {@link #versions}, for single schemas. */
    RegistryReader reader(URI url) {
        return new RegistryReader(settings(url), access(url));
    }

    private static RegistrySettings settings(URI url) {
        return RegistrySettings.of("registry", url, TIMEOUT_MILLIS);
    }

    private RegistryAccess access(URI url) {
        Optional<String> authorization = authorization();
        if (authorization.isPresent() && !HttpUrl.keepsSecrets(url)) {
            throw new CommandFailure(
                    url + ": the secret would go over the network for everybody to read; https it is to be");
        }
        HttpClient http = http();
        return new RegistryAccess(() -> http, () -> authorization);
    }

    private Optional<String> authorization() {
        if (tokenFile != null && username == null) {
            return Optional.of(RegistryAccess.bearer(secret(tokenFile)));
        }
        if ((username == null) != (passwordFile == null) || tokenFile != null) {
            throw new CommandFailure("a registry is logged in to by --registry-username with --registry-password-file,"
                    + " or by --registry-token-file");
        }
        return username == null || passwordFile == null
                ? Optional.empty()
                : Optional.of(RegistryAccess.basic(username, secret(passwordFile)));
    }

    private static String secret(Path file) {
        return new String(content(file), StandardCharsets.UTF_8).stripTrailing();
    }

    private HttpClient http() {
        if ((certificate == null) != (key == null)) {
            throw new CommandFailure("--registry-certificate and --registry-key go together");
        }
        try {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(PemContext.of(pem(trust), pem(certificate), pem(key)))
                    .build();
        } catch (UnusableFileException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable PemFile pem(@Nullable Path file) {
        return file == null ? null : new PemFile(file.toString(), content(file));
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be read: " + FailureWords.ofFile(e), e);
        }
    }
}
