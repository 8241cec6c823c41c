package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.config.HttpUrl;
import java.net.URI;

/** The URL of a registry on a command line, as in {@code weir.yaml}. */
final class RegistryUrl {
    private RegistryUrl() {}

    /**
     * Reads it.
     *
     * @param option that it stands behind
     * @throws CommandFailure when it is something else, without showing what may be a secret
     */
    static URI of(String option, String text) {
        return HttpUrl.of(text)
                .orElseThrow(() -> new CommandFailure(option
                        + ": expected the URL of a registry's Confluent-compatible API, such as"
                        + " https://registry.example:8081, with no user and password in it (--registry-username,"
                        + " --registry-password-file), but was '" + HttpUrl.withoutSecrets(text) + "'"));
    }
}
