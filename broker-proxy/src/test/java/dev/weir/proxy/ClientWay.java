package dev.weir.proxy;

import dev.weir.mesh.Mechanism;
import java.util.List;
import java.util.stream.Stream;

/** How a client proves to Weir who it is: a row of the first table of docs/identity.md, which has the same words. */
enum ClientWay {
    NOTHING("nothing", Mechanism.NONE, false),
    CERTIFICATE("a certificate (mTLS)", Mechanism.MTLS, true),
    PLAIN("SASL/PLAIN", Mechanism.PLAIN, false),
    SCRAM_SHA_256("SASL/SCRAM-SHA-256", Mechanism.SCRAM_SHA_256, false),
    SCRAM_SHA_512("SASL/SCRAM-SHA-512", Mechanism.SCRAM_SHA_512, false),
    OAUTHBEARER("SASL/OAUTHBEARER", Mechanism.OAUTHBEARER, false),
    CERTIFICATE_AND_LOG_IN("a certificate, and SASL", Mechanism.SCRAM_SHA_512, true);

    private final String words;
    private final Mechanism mechanism;
    private final boolean certificate;

    ClientWay(String words, Mechanism mechanism, boolean certificate) {
        this.words = words;
        this.mechanism = mechanism;
        this.certificate = certificate;
    }

    static ClientWay of(String words) {
        return Stream.of(values())
                .filter(way -> way.words.equals(words))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no client comes by \"" + words + "\""));
    }

    /** What Weir takes for the proof. */
    Mechanism mechanism() {
        return mechanism;
    }

    boolean showsCertificate() {
        return certificate;
    }

    boolean logsIn() {
        return mechanism != Mechanism.NONE && mechanism != Mechanism.MTLS;
    }

    /** Transports that it can go over. */
    List<String> transports() {
        return certificate ? List.of("TLS") : List.of("plaintext", "TLS");
    }

    /** The listener for it, of those that {@link CombinationsMesh} makes. */
    String listener(boolean tls) {
        return (logsIn() ? "sasl" : "open") + (certificate ? "-mutual" : "") + (tls ? "-tls" : "");
    }

    /** The name that Weir has to find in the proof. */
    String principal() {
        return switch (mechanism) {
            case NONE -> "anonymous";
            case MTLS -> CombinationsMesh.CERTIFICATE_NAME;
            default -> CombinationsMesh.USER;
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
