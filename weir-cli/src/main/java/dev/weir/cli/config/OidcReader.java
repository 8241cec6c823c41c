package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.topology.login.OidcSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads {@code oidc}: who may see the topology, by which identity provider. */
final class OidcReader {
    private static final Duration SESSION_MIN = Duration.ofSeconds(1);
    private static final Duration SESSION_MAX = Duration.ofDays(7);
    private static final URI PLACEHOLDER = URI.create("https://placeholder.invalid");
    private static final String KEY_FORM = "32 random bytes in Base64, as from: openssl rand -base64 32";

    private final ReferencedFiles files;
    private final Problems problems;

    OidcReader(ReferencedFiles files) {
        this.files = files;
        this.problems = files.problems();
    }

    OidcSettings read(YamlObject oidc) {
        String clientId = oidc.requiredText("clientId").value();
        Set<String> viewers = texts(oidc, "viewers");
        Set<String> operators = texts(oidc, "operators");
        if (viewers.isEmpty() && operators.isEmpty()) {
            problems.add(
                    oidc.at(),
                    "nobody could see it",
                    "neither \"viewers\" nor \"operators\"",
                    "values of the claim \"rolesClaim\", or viewers: [\"*\"] for whoever can log in");
        }
        if (operators.contains(OidcSettings.EVERYBODY)) {
            problems.add(oidc.at("operators"), "not everybody may change things", "\"*\"", "values of the claim");
        }
        return new OidcSettings(
                url(oidc.requiredText("issuer"), false),
                clientId,
                oidc.has("clientSecretFile")
                        ? files.secret(oidc, "clientSecretFile")
                                .map(ReferencedFiles.Secret::value)
                                .orElse(null)
                        : null,
                url(oidc.requiredText("url"), true),
                oidc.texts("scopes").stream().map(Text::value).toList(),
                oidc.text("rolesClaim").map(Text::value).orElse("roles"),
                viewers,
                operators,
                oidc.text("audience").map(Text::value).orElse(clientId),
                oidc.text("sessionKeyFile").flatMap(this::key).orElse(null),
                oidc.duration(
                                "sessionLifetime",
                                SESSION_MIN,
                                SESSION_MAX,
                                Duration.ofMillis(OidcSettings.SESSION_MILLIS_DEFAULT))
                        .toMillis(),
                files.certificates(oidc, "trust").orElse(null),
                oidc.bool("metricsOpen", false));
    }

    private static Set<String> texts(YamlObject oidc, String key) {
        return oidc.texts(key).stream().map(Text::value).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Without TLS only on this machine: what is sent there opens doors.
     *
     * @param base whether more is put behind it, which is then all of its path; the name of an issuer stays as it is
     */
    private URI url(Text text, boolean base) {
        Optional<URI> url = HttpUrl.of(base ? text.value().replaceAll("/+$", "") : text.value())
                .filter(HttpUrl::keepsSecrets)
                .filter(uri -> !base || uri.getPath().isEmpty());
        if (url.isEmpty() && !text.isEmpty()) {
            problems.add(
                    text.at(),
                    "wrong value",
                    HttpUrl.shown(text),
                    "https://HOST, or http://127.0.0.1:PORT on one machine");
        }
        return url.orElse(PLACEHOLDER);
    }

    private Optional<SecretKey> key(Text text) {
        return files.secretFile(text, "session key file").map(file -> {
            byte[] key = bytes(file);
            if (key == null || key.length != OidcSettings.KEY_BYTES) {
                problems.add(text.at(), "not a session key", '"' + text.value() + '"', KEY_FORM);
                return new SecretKeySpec(new byte[OidcSettings.KEY_BYTES], "AES");
            }
            return new SecretKeySpec(key, "AES");
        });
    }

    private static byte @Nullable [] bytes(Path file) {
        try {
            return Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
