package dev.weir.identity.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** Keys that are made here. */
public enum KeyType {
    /** Small and fast; every TLS library takes it. */
    EC_P256,
    /** For clients that know nothing else. */
    RSA_3072;

    /** A new pair. */
    public KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(this == EC_P256 ? "EC" : "RSA");
            generator.initialize(
                    this == EC_P256
                            ? new ECGenParameterSpec("secp256r1")
                            : new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no keys of type " + this, e);
        }
    }

    /** What a key signs with. */
    public static String signatureOf(PrivateKey key) {
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }
}
