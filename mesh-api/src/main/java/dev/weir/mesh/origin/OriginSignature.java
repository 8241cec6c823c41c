package dev.weir.mesh.origin;

import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Arrays;

/**
 * The value of the header {@code weir-signature}: the byte 1, eight bytes that tell which key signed (the first of the SHA-256 of
 * its X.509 encoding), and an Ed25519 signature (RFC 8032).
 */
public final class OriginSignature {
    /** The name of the record header. */
    public static final String HEADER = "weir-signature";

    /** How long the value is. */
    public static final int BYTES = 1 + OriginSignature.KEY_ID_BYTES + OriginSignature.SIGNATURE_BYTES;

    static final String ALGORITHM = "Ed25519";
    static final int KEY_ID_BYTES = 8;
    static final int SIGNATURE_BYTES = 64;
    static final byte VERSION = 1;

    private OriginSignature() {}

    static long keyId(PublicKey key) {
        byte[] hash = RecordOrigin.sha256().digest(key.getEncoded());
        return ByteBuffer.wrap(Arrays.copyOf(hash, KEY_ID_BYTES)).getLong();
    }
}
