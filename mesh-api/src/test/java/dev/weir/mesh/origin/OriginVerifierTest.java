package dev.weir.mesh.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mesh.origin.OriginVerifier.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OriginVerifierTest {
    private static final UUID TOPIC = new UUID(1, 2);
    private static final RecordOrigin ORIGIN =
            new RecordOrigin("cluster", TOPIC, 3, 1_700_000_000_000L, bytes("key"), bytes("value"), "checkout");

    private final KeyPair mesh = pair("Ed25519");
    private final KeyPair other = pair("Ed25519");
    private final OriginSigner signer = new OriginSigner(mesh.getPrivate());
    private final OriginVerifier verifier = new OriginVerifier(List.of(mesh.getPublic(), other.getPublic()));

    @Test
    void whatWasSignedIsGenuine() {
        assertThat(verifier.verify(ORIGIN, signer.sign(ORIGIN))).isEqualTo(Verdict.GENUINE);
        RecordOrigin empty = new RecordOrigin("c", TOPIC, 0, -1, null, null, "User:alice");
        assertThat(verifier.verify(empty, signer.sign(empty))).isEqualTo(Verdict.GENUINE);
    }

    @Test
    void aSignatureHoldsForOneRecordInOnePlaceOnly() {
        byte[] signature = signer.sign(ORIGIN);
        for (RecordOrigin changed : List.of(
                new RecordOrigin("cluster2", TOPIC, 3, 1_700_000_000_000L, bytes("key"), bytes("value"), "checkout"),
                new RecordOrigin(
                        "cluster", new UUID(1, 3), 3, 1_700_000_000_000L, bytes("key"), bytes("value"), "checkout"),
                new RecordOrigin("cluster", TOPIC, 4, 1_700_000_000_000L, bytes("key"), bytes("value"), "checkout"),
                new RecordOrigin("cluster", TOPIC, 3, 1_700_000_000_001L, bytes("key"), bytes("value"), "checkout"),
                new RecordOrigin("cluster", TOPIC, 3, 1_700_000_000_000L, bytes("keyv"), bytes("alue"), "checkout"),
                new RecordOrigin("cluster", TOPIC, 3, 1_700_000_000_000L, null, bytes("value"), "checkout"),
                new RecordOrigin("cluster", TOPIC, 3, 1_700_000_000_000L, bytes("key"), bytes(""), "checkout"),
                new RecordOrigin("cluster", TOPIC, 3, 1_700_000_000_000L, bytes("key"), bytes("value"), "fraud"))) {
            assertThat(verifier.verify(changed, signature))
                    .as(changed.toString())
                    .isEqualTo(Verdict.FORGED);
        }
        for (int i = 9; i < signature.length; i++) {
            byte[] broken = signature.clone();
            broken[i] ^= 4;
            assertThat(verifier.verify(ORIGIN, broken)).isEqualTo(Verdict.FORGED);
        }
    }

    @Test
    void aKeyThatNobodyTrustsProvesNothing() {
        KeyPair stranger = pair("Ed25519");
        byte[] signature = new OriginSigner(stranger.getPrivate()).sign(ORIGIN);
        assertThat(verifier.verify(ORIGIN, signature)).isEqualTo(Verdict.UNKNOWN_KEY);
        byte[] claimed = signature.clone();
        System.arraycopy(signer.sign(ORIGIN), 1, claimed, 1, 8);
        assertThat(verifier.verify(ORIGIN, claimed)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void somethingElseIsNoSignature() {
        byte[] signature = signer.sign(ORIGIN);
        assertThat(verifier.verify(ORIGIN, null)).isEqualTo(Verdict.UNSIGNED);
        assertThat(verifier.verify(ORIGIN, new byte[0])).isEqualTo(Verdict.UNSIGNED);
        assertThat(verifier.verify(ORIGIN, new byte[OriginSignature.BYTES])).isEqualTo(Verdict.UNSIGNED);
        assertThat(verifier.verify(ORIGIN, Arrays.copyOf(signature, 80))).isEqualTo(Verdict.UNSIGNED);
    }

    @Test
    void thePublicKeyComesFromThePrivateOne() {
        assertThat(signer.publicKey()).isEqualTo(mesh.getPublic());
        for (String other : List.of("RSA", "Ed448", "X25519")) {
            KeyPair pair = pair(other);
            assertThatThrownBy(() -> new OriginSigner(pair.getPrivate()))
                    .as(other)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Ed25519");
        }
    }

    @Test
    void keysComeFromPem() {
        String both = pem(other) + "a comment\n" + pem(mesh);
        assertThat(OriginVerifier.trusting(both).verify(ORIGIN, signer.sign(ORIGIN)))
                .isEqualTo(Verdict.GENUINE);
        assertThatThrownBy(() -> OriginVerifier.trusting("nothing")).hasMessageContaining("no PUBLIC KEY");
        String rsa = pem(pair("RSA"));
        assertThatThrownBy(() -> OriginVerifier.trusting(rsa))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Ed25519");
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** Whoever verifies in another language needs the same bytes: they never change for version 1. */
    @Test
    void theSignedBytesAreThoseOfTheDocument() {
        assertThat(HexFormat.of().formatHex(ORIGIN.message()))
                .startsWith("776569722d6f726967696e2d3100")
                .hasSize(92);
        assertThat(new String(ORIGIN.message(), 0, 13, StandardCharsets.US_ASCII))
                .isEqualTo("weir-origin-1");
    }

    private static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
