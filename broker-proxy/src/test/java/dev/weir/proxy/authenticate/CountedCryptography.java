package dev.weir.proxy.authenticate;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.SecretKeyFactorySpi;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A provider in front of the JDK's own that has these do the work, and writes down what the calling thread has computed while it is
 * asked to: each derivation with its iterations, each checksum and hash.
 */
public final class CountedCryptography extends Provider implements AutoCloseable {
    private static final String JDK = "SunJCE";
    private static final String JDK_DIGESTS = "SUN";
    private static final ThreadLocal<@Nullable List<String>> WORK = new ThreadLocal<>();

    private CountedCryptography() {
        super("Counted", "1", "writes down what is computed");
        put("SecretKeyFactory.PBKDF2WithHmacSHA256", Derivations.class.getName());
        put("Mac.HmacSHA256", HmacSha256.class.getName());
        put("Mac.HmacSHA512", HmacSha512.class.getName());
        put("MessageDigest.SHA-256", Sha256.class.getName());
        put("MessageDigest.SHA-512", Sha512.class.getName());
    }

    static CountedCryptography install() {
        CountedCryptography installed = new CountedCryptography();
        Security.insertProviderAt(installed, 1);
        return installed;
    }

    /** What this thread computes for something, in order. */
    List<String> of(Runnable something) {
        List<String> work = new ArrayList<>();
        WORK.set(work);
        try {
            something.run();
        } finally {
            WORK.remove();
        }
        return work;
    }

    private static void done(String what) {
        List<String> work = WORK.get();
        if (work != null) {
            work.add(what);
        }
    }

    @Override
    public void close() {
        Security.removeProvider(getName());
    }

    /** PBKDF2. */
    public static final class Derivations extends SecretKeyFactorySpi {
        @Override
        protected SecretKey engineGenerateSecret(KeySpec spec) throws InvalidKeySpecException {
            PBEKeySpec asked = (PBEKeySpec) spec;
            done("PBKDF2, " + asked.getIterationCount() + " iterations, salt of " + asked.getSalt().length);
            try {
                return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256", JDK).generateSecret(spec);
            } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
                throw new InvalidKeySpecException(e);
            }
        }

        @Override
        protected KeySpec engineGetKeySpec(SecretKey key, Class<?> kind) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SecretKey engineTranslateKey(SecretKey key) {
            throw new UnsupportedOperationException();
        }
    }

    /** HMAC. */
    private abstract static class Hmac extends MacSpi {
        private final Mac mac;

        Hmac(String algorithm) throws GeneralSecurityException {
            mac = Mac.getInstance(algorithm, JDK);
        }

        @Override
        protected int engineGetMacLength() {
            return mac.getMacLength();
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec parameters)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            mac.init(key, parameters);
        }

        @Override
        protected void engineUpdate(byte input) {
            mac.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            mac.update(input, offset, length);
        }

        @Override
        protected byte[] engineDoFinal() {
            done(mac.getAlgorithm());
            return mac.doFinal();
        }

        @Override
        protected void engineReset() {
            mac.reset();
        }
    }

    /** HMAC with SHA-256. */
    public static final class HmacSha256 extends Hmac {
        public HmacSha256() throws GeneralSecurityException {
            super("HmacSHA256");
        }
    }

    /** HMAC with SHA-512. */
    public static final class HmacSha512 extends Hmac {
        public HmacSha512() throws GeneralSecurityException {
            super("HmacSHA512");
        }
    }

    /** A hash. */
    private abstract static class Digest extends MessageDigestSpi {
        private final MessageDigest digest;

        Digest(String algorithm) throws GeneralSecurityException {
            digest = MessageDigest.getInstance(algorithm, JDK_DIGESTS);
        }

        @Override
        protected void engineUpdate(byte input) {
            digest.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            digest.update(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            done(digest.getAlgorithm());
            return digest.digest();
        }

        @Override
        protected void engineReset() {
            digest.reset();
        }
    }

    /** SHA-256. */
    public static final class Sha256 extends Digest {
        public Sha256() throws GeneralSecurityException {
            super("SHA-256");
        }
    }

    /** SHA-512. */
    public static final class Sha512 extends Digest {
        public Sha512() throws GeneralSecurityException {
            super("SHA-512");
        }
    }
}
