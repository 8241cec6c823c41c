package dev.weir.mesh;

/** How a client proved who it is. The wire names are those of the SASL registry (RFC 4422), where there is one. */
public enum Mechanism {
    NONE("none"),
    MTLS("mTLS"),
    PLAIN("PLAIN"),
    SCRAM_SHA_256("SCRAM-SHA-256"),
    SCRAM_SHA_512("SCRAM-SHA-512"),
    OAUTHBEARER("OAUTHBEARER");

    private final String wireName;

    Mechanism(String wireName) {
        this.wireName = wireName;
    }

    /** The name as policy, logs and SASL spell it. */
    public String wireName() {
        return wireName;
    }
}
