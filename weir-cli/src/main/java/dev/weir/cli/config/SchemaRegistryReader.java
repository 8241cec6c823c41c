package dev.weir.cli.config;

import dev.weir.cli.config.ClientTlsReader.ClientTls;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.schema.registry.RegistrySettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads one element of {@code schemaRegistries}. */
final class SchemaRegistryReader {
    private static final String FORM =
            "the URL of a registry's Confluent-compatible API, such as https://registry.example:8081";

    private final ReferencedFiles files;
    private final Problems problems;

    SchemaRegistryReader(ReferencedFiles files) {
        this.files = files;
        this.problems = files.problems();
    }

    Optional<SchemaRegistryConfig> read(YamlObject registry) {
        Text name = registry.requiredText("name");
        Names.check(name, problems);
        Text urlText = registry.requiredText("url");
        Optional<URI> url = urlText.isEmpty() ? Optional.empty() : HttpUrl.parse(urlText, FORM, problems);
        ClientTls tls = registry.object("tls", new ClientTlsReader(files)::read).orElse(ClientTls.DEFAULT);
        String username = registry.text("username").map(Text::value).orElse(null);
        Optional<Path> secret = secret(registry);
        if (secret.isPresent()) {
            url.ifPresent(uri -> HttpUrl.requireSafe(urlText, uri, "the secret", "a registry", problems));
        }
        Duration timeout = registry.duration(
                "timeout",
                Duration.ofMillis(100),
                Duration.ofSeconds(60),
                Duration.ofMillis(RegistrySettings.TIMEOUT_DEFAULT_MILLIS));
        return url.map(uri -> new SchemaRegistryConfig(
                name.value(), uri, tls.trust(), tls.certificate(), tls.key(), username, secret.orElse(null), (int)
                        timeout.toMillis()));
    }

    /** The file with the password or the token. */
    private Optional<Path> secret(YamlObject registry) {
        boolean token = registry.has("tokenFile");
        boolean user = registry.has("username");
        if (token && (user || registry.has("passwordFile"))) {
            problems.add(
                    registry.at("tokenFile"),
                    "Weir logs in to a registry in one way",
                    "both",
                    "\"username\" and \"passwordFile\", or \"tokenFile\"");
        }
        if (!user && registry.has("passwordFile")) {
            problems.add(registry.at("passwordFile"), "nothing says whose password it is", "", "also \"username\"");
        }
        Optional<Path> tokenFile = token ? secret(registry, "tokenFile") : Optional.empty();
        Optional<Path> passwordFile =
                user || registry.has("passwordFile") ? secret(registry, "passwordFile") : Optional.empty();
        return tokenFile.or(() -> passwordFile);
    }

    private Optional<Path> secret(YamlObject registry, String key) {
        return files.secret(registry, key).map(ReferencedFiles.Secret::file);
    }
}
