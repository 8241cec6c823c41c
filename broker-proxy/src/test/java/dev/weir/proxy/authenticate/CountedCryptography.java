package dev.weir.proxy.authenticate;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.SecretKeyFactorySpi;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A provider in front of the JDK's own that has these do the work, and writes down what the calling thread has computed while it is
 * asked to: each derivation with its iterations, each checksum and hash. Of all threads it writes down which did what at all.
 */
public final class CountedCryptography extends Provider implements AutoCloseable {
    private static final String JDK = "SunJCE";
    private static final String JDK_DIGESTS = "SUN";
    private static final String JDK_CURVES = "SunEC";
    private static final ThreadLocal<@Nullable List<String>> WORK = new ThreadLocal<>();
    private static final Map<String, Set<String>> THREADS = new ConcurrentHashMap<>();

    private CountedCryptography() {
        super("Counted", "1", "writes down what is computed");
        put("SecretKeyFactory.PBKDF2WithHmacSHA256", Derivations.class.getName());
        put("Mac.HmacSHA256", HmacSha256.class.getName());
        put("Mac.HmacSHA512", HmacSha512.class.getName());
        put("MessageDigest.SHA-256", Sha256.class.getName());
        put("MessageDigest.SHA-512", Sha512.class.getName());
        put("Signature.SHA256withECDSA", Signatures.class.getName());
    }

    public static CountedCryptography install() {
        THREADS.clear();
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

    /**
     * The names of the threads that have done something since this was installed.
     *
     * @param what PBKDF2, HmacSHA256, HmacSHA512, SHA-256, SHA-512, sign or verify
     */
    public Set<String> threads(String what) {
        return Set.copyOf(THREADS.getOrDefault(what, Set.of()));
    }

    private static void done(String what) {
        THREADS.computeIfAbsent(what.split(",")[0], kind -> ConcurrentHashMap.newKeySet())
                .add(Thread.currentThread().getName());
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

    /** ECDSA with SHA-256. */
    public static final class Signatures extends SignatureSpi {
        private final Signature signature;

        public Signatures() throws GeneralSecurityException {
            signature = Signature.getInstance("SHA256withECDSA", JDK_CURVES);
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            signature.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            signature.initSign(key);
        }

        @Override
        protected void engineUpdate(byte input) throws SignatureException {
            signature.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) throws SignatureException {
            signature.update(input, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            done("sign");
            return signature.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signed) throws SignatureException {
            done("verify");
            return signature.verify(signed);
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec parameters) throws InvalidAlgorithmParameterException {
            signature.setParameter(parameters);
        }

        @Override
        protected @Nullable AlgorithmParameters engineGetParameters() {
            return signature.getParameters();
        }

        /** @deprecated by the JDK; nobody calls it */
        @Deprecated
        @Override
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        /** @deprecated by the JDK; nobody calls it */
        @Deprecated
        @Override
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
