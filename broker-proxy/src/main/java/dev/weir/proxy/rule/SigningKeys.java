package dev.weir.proxy.rule;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.proxy.config.SigningConfig;
import dev.weir.proxy.reload.ReloadTimer;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemFile;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 key that records are signed with, and the public keys that they are verified with, in PEM files. They are read
 * again when the files change: what comes from then on is signed and verified with the new ones, and no connection notices.
 * Any thread.
 */
public final class SigningKeys implements AutoCloseable {
    private static final String OWNER = "signing";

    private final @Nullable Reloading<Own> own;
    private final @Nullable Reloading<OriginVerifier> trusted;
    private final List<ReloadTimer> timers = new ArrayList<>(2);

    /** The private key, and who trusts nothing but what it signs. */
    private record Own(OriginSigner signer, OriginVerifier verifier) {}

    private SigningKeys(Vertx vertx, @Nullable Reloading<Own> own, @Nullable Reloading<OriginVerifier> trusted) {
        this.own = own;
        this.trusted = trusted;
        if (own != null) {
            timers.add(new ReloadTimer(vertx, own::check));
        }
        if (trusted != null) {
            timers.add(new ReloadTimer(vertx, trusted::check));
        }
    }

    /**
     * Reads them now, and follows them.
     *
     * @throws UnusableFileException when a file that is named holds no such key
     */
    public static SigningKeys open(Vertx vertx, SigningConfig files) throws UnusableFileException {
        return new SigningKeys(
                vertx,
                files.key() == null ? null : own(files.key()),
                files.trusted() == null ? null : trusted(files.trusted()));
    }

    /**
     * Reads a private key once.
     *
     * @throws UnusableFileException when it is none
     */
    public static OriginSigner readKey(Path file) throws UnusableFileException {
        return own(file).current().signer();
    }

    /**
     * Reads public keys once.
     *
     * @throws UnusableFileException when there is none
     */
    public static OriginVerifier readTrusted(Path file) throws UnusableFileException {
        return trusted(file).current();
    }

    private static Reloading<Own> own(Path file) throws UnusableFileException {
        String name = String.valueOf(file.getFileName());
        return Reloading.open(OWNER, List.of(file), (contents, renewal) -> signer(new PemFile(name, contents.get(0))));
    }

    private static Own signer(PemFile pem) throws UnusableFileException {
        try {
            OriginSigner signer =
                    new OriginSigner(KeyFactory.getInstance("EdDSA").generatePrivate(pem.key()));
            return new Own(signer, new OriginVerifier(List.of(signer.publicKey())));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableFileException(
                    pem.name() + " holds no Ed25519 key; openssl genpkey -algorithm ed25519 makes one", e);
        }
    }

    private static Reloading<OriginVerifier> trusted(Path file) throws UnusableFileException {
        return Reloading.open(OWNER, List.of(file), (contents, renewal) -> {
            try {
                return OriginVerifier.trusting(new String(contents.get(0), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new UnusableFileException(file.getFileName() + ": " + e.getMessage(), e);
            }
        });
    }

    /** Signs with the key in force; {@code null} when this proxy has none. */
    @Nullable
    OriginSigner signer() {
        return own == null ? null : own.current().signer();
    }

    /** Verifies by the keys in force; {@code null} when this proxy has none. */
    @Nullable
    OriginVerifier verifier() {
        if (trusted != null) {
            return trusted.current();
        }
        return own == null ? null : own.current().verifier();
    }

    /** Why files as they are now are not in force; empty when all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(2);
        add(problems, own);
        add(problems, trusted);
        return problems;
    }

    private static void add(List<String> problems, @Nullable Reloading<?> files) {
        String problem = files == null ? null : files.problem();
        if (problem != null) {
            problems.add(problem);
        }
    }

    @Override
    public void close() {
        timers.forEach(ReloadTimer::close);
    }
}
