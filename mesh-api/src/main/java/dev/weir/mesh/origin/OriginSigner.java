package dev.weir.mesh.origin;

import dev.weir.mesh.log.FailureWords;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;

/** Signs the origin of records. Immutable; any thread. A signature takes the JDK some tenths of a millisecond. */
public final class OriginSigner {
    private final PrivateKey key;
    private final PublicKey publicKey;
    private final long keyId;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException when it is no key of Ed25519
     */
    public OriginSigner(PrivateKey privateKey) {
        try {
            this.key = privateKey;
            this.publicKey = publicKeyOf(privateKey);
            this.keyId = OriginSignature.keyId(publicKey);
            byte[] sample = {1, 2, 3};
            Signature verifier = Signature.getInstance(OriginSignature.ALGORITHM);
            verifier.initVerify(publicKey);
            verifier.update(sample);
            if (!verifier.verify(signature(sample))) {
                throw new IllegalStateException("this JDK makes another public key of a private one");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this is no Ed25519 key: " + FailureWords.ofItself(e), e);
        }
    }

    /**
     * The JDK computes a public key only where it makes a pair, from 32 random bytes; those bytes are what a private key is (RFC
     * 8032, section 5.1.5).
     */
    private static PublicKey publicKeyOf(PrivateKey key) throws GeneralSecurityException {
        if (!(key instanceof EdECPrivateKey edwards)
                || !edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            throw new GeneralSecurityException("it is one of " + key.getAlgorithm());
        }
        byte[] seed = edwards.getBytes().orElseThrow(() -> new GeneralSecurityException("its bytes cannot be read"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(OriginSignature.ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new Seeded(seed));
        return generator.generateKeyPair().getPublic();
    }

    /** Not random at all. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] seed;

        private Seeded(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }

    /** What whoever verifies has to trust. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The value of the header, {@link OriginSignature#BYTES} long. */
    public byte[] sign(RecordOrigin origin) {
        try {
            return ByteBuffer.allocate(OriginSignature.BYTES)
                    .put(OriginSignature.VERSION)
                    .putLong(keyId)
                    .put(signature(origin.message()))
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that has signed before does not sign", e);
        }
    }

    private byte[] signature(byte[] message) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(OriginSignature.ALGORITHM);
        signer.initSign(key);
        signer.update(message);
        return signer.sign();
    }
}
