package dev.weir.cli.config;

import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.SigningConfig;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.rule.SigningKeys;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code signing}: the keys that records are signed and verified with. */
final class SigningReader {
    private final ReferencedFiles files;

    /** Looks into a file. */
    @FunctionalInterface
    private interface Look {
        void at(Path file) throws UnusableFileException;
    }

    SigningReader(ReferencedFiles files) {
        this.files = files;
    }

    SigningConfig read(YamlObject signing) {
        Path key = file(
                signing,
                "key",
                "records cannot be signed with this: ",
                "an Ed25519 private key in PEM",
                file -> SigningKeys.readKey(file));
        Path trusted = file(
                signing,
                "trusted",
                "records cannot be verified with this: ",
                "Ed25519 public keys in PEM",
                file -> SigningKeys.readTrusted(file));
        if (!signing.has("key") && !signing.has("trusted")) {
            files.problems()
                    .add(signing.at("key"), "keys to sign or to verify records with", "neither", "key or trusted");
        }
        return new SigningConfig(key, trusted);
    }

    private @Nullable Path file(YamlObject signing, String name, String problem, String expected, Look look) {
        Optional<Text> value = signing.text(name);
        if (value.isEmpty()) {
            return null;
        }
        Text text = value.get();
        Path file = files.secretFile(text, name + " file").orElse(null);
        if (file != null) {
            try {
                look.at(file);
            } catch (UnusableFileException e) {
                files.problems().add(text.at(), problem + e.getMessage(), '"' + text.value() + '"', expected);
            }
        }
        return file;
    }
}
