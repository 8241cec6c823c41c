package dev.weir.cli.config;

import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.rule.SigningKey;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code signing}: the key that records are signed with. */
final class SigningReader {
    private final ReferencedFiles files;

    SigningReader(ReferencedFiles files) {
        this.files = files;
    }

    Optional<Path> read(YamlObject signing) {
        Text key = signing.requiredText("key");
        Optional<Path> file = files.secretFile(key, "key file");
        file.ifPresent(path -> {
            try {
                SigningKey.read(path);
            } catch (UnusableFileException e) {
                files.problems()
                        .add(
                                key.at(),
                                "records cannot be signed with this: " + e.getMessage(),
                                '"' + key.value() + '"',
                                "an Ed25519 private key in PEM");
            }
        });
        return file;
    }
}
