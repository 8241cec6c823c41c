package dev.weir.proxy.tls;

/** What a certificate is there for. */
public enum CertificateRole {
    /** What a listener shows to clients. */
    SERVER("server"),
    /** Who signs the certificates of a listener's clients. */
    CLIENT_CA("client-ca"),
    /** What Weir shows to brokers. */
    CLIENT("client"),
    /** Who signs the certificates of brokers. */
    TRUST("trust");

    private final String attribute;

    CertificateRole(String attribute) {
        this.attribute = attribute;
    }

    /** As metrics and status spell it. */
    public String attribute() {
        return attribute;
    }
}
