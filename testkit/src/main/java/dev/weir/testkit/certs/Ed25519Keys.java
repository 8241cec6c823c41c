package dev.weir.testkit.certs;

import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/** Keys that sign records, and their PEM texts. */
public final class Ed25519Keys {
    private Ed25519Keys() {}

    /** A new pair. */
    public static KeyPair make() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key of any kind as PEM: PKCS#8 when it is private, X.509 when it is public. */
    public static String pem(Key key) {
        return KeyFiles.text("PKCS#8".equals(key.getFormat()) ? "PRIVATE KEY" : "PUBLIC KEY", key.getEncoded());
    }
}
