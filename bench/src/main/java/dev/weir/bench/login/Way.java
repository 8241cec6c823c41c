package dev.weir.bench.login;

/** How a client says who it is. All of them over TLS. */
enum Way {
    MTLS("mTLS"),
    PLAIN("PLAIN"),
    SCRAM("SCRAM-SHA-512"),
    OAUTHBEARER("OAUTHBEARER");

    private final String title;

    Way(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
