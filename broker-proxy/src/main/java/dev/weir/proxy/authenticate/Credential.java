package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One user's password hash, and a short cut for the password once it proved right: a client that comes back with many
 * connections pays for PBKDF2 once. The short cut is an HMAC under a key that only this process has, so memory holds
 * no password, and a wrong password takes the long way every time. Any thread.
 */
final class Credential implements UserSecret {
    private static final String HMAC = "HmacSHA256";
    private static final SecretKeySpec PROCESS_KEY = processKey();

    private final PasswordHash hash;
    private final Revocable validity = new Revocable();
    private volatile byte @Nullable [] verified;

    Credential(PasswordHash hash) {
        this.hash = hash;
    }

    PasswordHash hash() {
        return hash;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.PLAIN;
    }

    @Override
    public String encoded() {
        return hash.encoded();
    }

    @Override
    public Revocable validity() {
        return validity;
    }

    boolean verify(String password) {
        byte[] mac = mac(password);
        byte[] known = verified;
        if (known != null && MessageDigest.isEqual(known, mac)) {
            return true;
        }
        if (!hash.verify(password)) {
            return false;
        }
        verified = mac;
        return true;
    }

    private static byte[] mac(String password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(PROCESS_KEY);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }

    private static SecretKeySpec processKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, HMAC);
    }
}
