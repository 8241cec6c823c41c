package dev.weir.mesh.origin;

import dev.weir.mesh.log.FailureWords;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies where a record came from, for applications: that a proxy with one of these keys has taken this record from this
 * principal for this place. Immutable; any thread.
 *
 * <pre>{@code
 * Header principal = record.headers().lastHeader("weir-principal");
 * Header signature = record.headers().lastHeader("weir-signature");
 * RecordOrigin origin = new RecordOrigin(
 *         clusterId, topicId, record.partition(), record.timestamp(), wrap(record.key()), wrap(record.value()),
 *         new String(principal.value(), UTF_8));
 * if (verifier.verify(origin, signature == null ? null : signature.value()) != Verdict.GENUINE) { ... }
 * }</pre>
 */
public final class OriginVerifier {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    private final Map<Long, PublicKey> keys = new HashMap<>();

    /** What is to be thought of a record. */
    public enum Verdict {
        /** It was signed as it is, for where it is. */
        GENUINE,
        /** It has no signature, or something else in its place. */
        UNSIGNED,
        /** None of the known keys has signed it. */
        UNKNOWN_KEY,
        /** It, its place or its principal is not what was signed. */
        FORGED
    }

    /**
     * Makes one.
     *
     * @param trusted the Ed25519 keys of the mesh's proxies; during a change of keys both the old and the new ones
     */
    public OriginVerifier(Collection<PublicKey> trusted) {
        trusted.forEach(key -> keys.put(OriginSignature.keyId(key), key));
    }

    /**
     * Trusts the public keys of a PEM text, any number of them one after the other.
     *
     * @throws IllegalArgumentException when there is none, or something else
     */
    public static OriginVerifier trusting(String pem) {
        List<PublicKey> trusted = new ArrayList<>();
        Matcher block = PEM.matcher(pem);
        try {
            while (block.find()) {
                byte[] der = Base64.getMimeDecoder().decode(block.group(1));
                trusted.add(
                        KeyFactory.getInstance(OriginSignature.ALGORITHM).generatePublic(new X509EncodedKeySpec(der)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("a public key is none of Ed25519: " + FailureWords.ofItself(e), e);
        }
        if (trusted.isEmpty()) {
            throw new IllegalArgumentException("there is no PUBLIC KEY in it; openssl pkey -pubout writes one");
        }
        return new OriginVerifier(trusted);
    }

    /**
     * Verifies a record.
     *
     * @param signature the value of {@code weir-signature}, or {@code null} without one
     */
    public Verdict verify(RecordOrigin origin, byte @Nullable [] signature) {
        if (signature == null || signature.length != OriginSignature.BYTES || signature[0] != OriginSignature.VERSION) {
            return Verdict.UNSIGNED;
        }
        PublicKey key = keys.get(ByteBuffer.wrap(signature).getLong(1));
        if (key == null) {
            return Verdict.UNKNOWN_KEY;
        }
        try {
            Signature verifier = Signature.getInstance(OriginSignature.ALGORITHM);
            verifier.initVerify(key);
            verifier.update(origin.message());
            boolean genuine =
                    verifier.verify(signature, 1 + OriginSignature.KEY_ID_BYTES, OriginSignature.SIGNATURE_BYTES);
            return genuine ? Verdict.GENUINE : Verdict.FORGED;
        } catch (GeneralSecurityException e) {
            return Verdict.FORGED; // bytes that are no signature at all
        }
    }
}
