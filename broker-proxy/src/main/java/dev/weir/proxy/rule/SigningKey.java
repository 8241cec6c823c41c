package dev.weir.proxy.rule;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.proxy.reload.ReloadTimer;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemFile;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.util.List;

/**
 * The Ed25519 key that records are signed with, in a PEM file. It is read again when the file changes: what is signed from then on
 * is signed with the new key, and no connection notices. Any thread.
 */
public final class SigningKey implements AutoCloseable {
    private final Reloading<OriginSigner> signer;
    private final ReloadTimer timer;

    private SigningKey(Vertx vertx, Reloading<OriginSigner> signer) {
        this.signer = signer;
        this.timer = new ReloadTimer(vertx, signer::check);
    }

    /**
     * Reads it now, and follows it.
     *
     * @throws UnusableFileException when it is none
     */
    public static SigningKey open(Vertx vertx, Path file) throws UnusableFileException {
        return new SigningKey(vertx, reloading(file));
    }

    /**
     * Reads it once.
     *
     * @throws UnusableFileException when it is none
     */
    public static OriginSigner read(Path file) throws UnusableFileException {
        return reloading(file).current();
    }

    private static Reloading<OriginSigner> reloading(Path file) throws UnusableFileException {
        String name = String.valueOf(file.getFileName());
        return Reloading.open(
                "signing", List.of(file), (contents, renewal) -> signer(new PemFile(name, contents.get(0))));
    }

    private static OriginSigner signer(PemFile pem) throws UnusableFileException {
        try {
            return new OriginSigner(KeyFactory.getInstance("EdDSA").generatePrivate(pem.key()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableFileException(
                    pem.name() + " holds no Ed25519 key; openssl genpkey -algorithm ed25519 makes one", e);
        }
    }

    /** The one in force. */
    OriginSigner current() {
        return signer.current();
    }

    @Override
    public void close() {
        timer.close();
    }
}
