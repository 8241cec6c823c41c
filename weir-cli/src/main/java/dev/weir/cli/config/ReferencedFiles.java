package dev.weir.cli.config;

import dev.weir.identity.vault.VaultReference;
import dev.weir.identity.vault.VaultSecrets;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.yaml.Problem;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.authenticate.RevocationList;
import dev.weir.proxy.authenticate.UsersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files that a configuration names: resolved against its folder, and checked for what they are to hold. */
final class ReferencedFiles {
    private final Path folder;
    private final Problems problems;
    private @Nullable VaultLookup vault;
    private boolean vaultIsNamed;

    ReferencedFiles(@Nullable Path folder, Problems problems) {
        this.folder = folder == null ? Path.of("").toAbsolutePath() : folder;
        this.problems = problems;
    }

    Problems problems() {
        return problems;
    }

    /** From now on, references into Vault are looked up there. */
    void askVault(VaultLookup lookup) {
        vault = lookup;
    }

    /** The section about Vault has a mistake, which is reported: references are neither looked up nor reported. */
    void vaultHasMistake() {
        vaultIsNamed = true;
    }

    /** PEM certificates: a chain, or the authorities to trust. */
    Optional<Path> certificates(YamlObject object, String key) {
        return object.text(key).flatMap(text -> {
            Optional<Path> path = readable(text, "certificate file");
            path.flatMap(PemFiles::problemWithCertificates)
                    .ifPresent(what -> problems.add(text.at(), what, quoted(text), "PEM certificates"));
            return path;
        });
    }

    /** A PEM private key that belongs to the certificates, if those can be read. */
    Optional<Path> privateKey(YamlObject object, String key, Optional<Path> certificates) {
        return object.text(key).flatMap(text -> {
            Optional<Path> path = readable(text, "key file");
            path.flatMap(file -> PemFiles.problemWithKey(file, certificates))
                    .ifPresent(what -> problems.add(text.at(), what, quoted(text), "a PEM private key (PKCS#8)"));
            return path;
        });
    }

    /** A users file; its own mistakes are reported with their own place. */
    Optional<Path> users(YamlObject object, String key) {
        Text text = object.requiredText(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> path = readable(text, "users file");
        path.ifPresent(file -> {
            for (Problem problem : UsersFile.check(file)) {
                problems.add(problem);
            }
        });
        return path;
    }

    /** A secret and the file that it stands in; {@link #toString} shows the file alone. */
    record Secret(String value, Path file) {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /** A list of certificates that were taken back; its own mistakes are reported with their own place. */
    Optional<Path> revocations(YamlObject object, String key, Optional<Path> authorities) {
        return object.text(key).flatMap(text -> {
            if (authorities.isEmpty()) {
                problems.add(
                        text.at(),
                        "who may take certificates back is not known",
                        "no \"clientCa\"",
                        "\"clientCa\", whose authorities sign the list");
                return Optional.empty();
            }
            Optional<Path> path = readable(text, "file of revoked certificates");
            path.ifPresent(file -> RevocationList.check(file, authorities.get()).forEach(problems::add));
            return path;
        });
    }

    /** The content of a file that holds one secret, without the line break at its end. */
    Optional<Secret> secret(YamlObject object, String key) {
        Text text = object.requiredText(key);
        return secretFile(text, "password file").flatMap(path -> {
            try {
                String secret = Files.readString(path).stripTrailing();
                if (secret.isEmpty()) {
                    problems.add(text.at(), "the file is empty", quoted(text), "a password");
                }
                return Optional.of(new Secret(secret, path));
            } catch (IOException e) {
                problems.add(
                        text.at(), "the file cannot be read: " + FailureWords.ofFile(e), quoted(text), "a password");
                return Optional.empty();
            }
        });
    }

    /** A file that holds a secret. */
    Optional<Path> secretFile(Text text, String what) {
        return text.isEmpty() ? Optional.empty() : readable(text, what);
    }

    /** A path that need not exist yet. */
    Path resolve(Text text) {
        return folder.resolve(text.value()).normalize();
    }

    /** A folder. */
    Optional<Path> folder(Text text) {
        Path path = resolve(text);
        if (!Files.isDirectory(path)) {
            problems.add(
                    text.at(), Files.exists(path) ? "not a folder" : "folder does not exist", quoted(text), "a folder");
            return Optional.empty();
        }
        return Optional.of(path);
    }

    private Optional<Path> readable(Text text, String what) {
        if (VaultReference.isMeantBy(text.value())) {
            return fromVault(text);
        }
        Path path = resolve(text);
        if (!Files.exists(path)) {
            problems.add(text.at(), what + " does not exist", quoted(text), "a file, relative to " + folder);
            return Optional.empty();
        }
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            problems.add(text.at(), what + " cannot be read", quoted(text), "a readable file");
            return Optional.empty();
        }
        return Optional.of(path);
    }

    private Optional<Path> fromVault(Text text) {
        return vault(text).flatMap(lookup -> lookup.file(text));
    }

    /** Secrets that are asked for when they are needed, and not while the configuration is read. */
    Optional<VaultSecrets> vaultSecrets(Text text) {
        return vault(text).map(VaultLookup::secrets);
    }

    private Optional<VaultLookup> vault(Text text) {
        if (vault == null && !vaultIsNamed) {
            problems.add(text.at(), "nothing says where Vault is", quoted(text), "a section \"vault\"");
        }
        return Optional.ofNullable(vault);
    }

    private static String quoted(Text text) {
        return '"' + text.value() + '"';
    }
}
