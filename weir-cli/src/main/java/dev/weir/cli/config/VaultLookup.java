package dev.weir.cli.config;

import dev.weir.identity.IdentityException;
import dev.weir.identity.renew.Pace;
import dev.weir.identity.vault.VaultFailure;
import dev.weir.identity.vault.VaultFiles;
import dev.weir.identity.vault.VaultReference;
import dev.weir.identity.vault.VaultSecrets;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns references of a configuration into files, by asking Vault while the configuration is read. What is wrong with the
 * reference is reported where it stands; what is wrong with Vault, once, where Vault is named; and a certificate that cannot be
 * had, once, where the first of its parts is referred to.
 */
final class VaultLookup {
    private final VaultFiles files;
    private final VaultConfig config;
    private final Problems problems;
    private final @Nullable Consumer<String> waiting;
    private final Set<String> failedOrders = new HashSet<>();
    private boolean useless;

    /**
     * Asks these.
     *
     * @param waiting told why a start waits for a Vault that does not answer; {@code null} to report that as a mistake
     */
    VaultLookup(VaultFiles files, VaultConfig config, Problems problems, @Nullable Consumer<String> waiting) {
        this.files = files;
        this.config = config;
        this.problems = problems;
        this.waiting = waiting;
    }

    /** Those that are asked for when they are needed. */
    VaultSecrets secrets() {
        return files.secrets();
    }

    Optional<Path> file(Text text) {
        if (useless) {
            return Optional.empty();
        }
        String quoted = '"' + text.value() + '"';
        VaultReference reference;
        try {
            reference = VaultReference.parse(text.value());
        } catch (IdentityException e) {
            problems.add(text.at(), String.valueOf(e.getMessage()), quoted, VaultReference.FORM);
            return Optional.empty();
        }
        if (failedOrders.contains(reference.path())) {
            return Optional.empty();
        }
        try {
            return Optional.of(patiently(reference));
        } catch (VaultFailure e) {
            noteFailed(reference);
            problems.add(place(e, text.at()), String.valueOf(e.getMessage()));
        } catch (IdentityException e) {
            noteFailed(reference);
            problems.add(text.at(), String.valueOf(e.getMessage()), quoted, VaultReference.FORM);
        }
        return Optional.empty();
    }

    private void noteFailed(VaultReference reference) {
        if (reference.isCertificate()) {
            failedOrders.add(reference.path());
        }
    }

    private Path patiently(VaultReference reference) throws IdentityException {
        Pace pace = new Pace(() -> ThreadLocalRandom.current().nextDouble());
        for (int failures = 1; ; failures++) {
            try {
                return files.file(reference);
            } catch (VaultFailure e) {
                if (waiting == null || !e.kind().passes()) {
                    throw e;
                }
                waiting.accept(e.getMessage() + "; nothing is started before it answers");
                try {
                    Thread.sleep(pace.retry(failures).toMillis());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    private Position place(VaultFailure failure, Position reference) {
        return switch (failure.kind()) {
            case UNREACHABLE, TLS, UNAVAILABLE, THROTTLED -> {
                useless = true;
                yield config.addressAt();
            }
            case LOG_IN -> {
                useless = true;
                yield config.logInAt();
            }
            case DENIED, MISSING, INVALID -> reference;
        };
    }
}
