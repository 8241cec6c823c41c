package dev.weir.policy.decide;

/** Kafka's operations (KIP-11 and later), with the codes that {@code *AuthorizedOperations} bit fields use (KIP-430). */
public enum Operation {
    READ(3),
    WRITE(4),
    CREATE(5),
    DELETE(6),
    ALTER(7),
    DESCRIBE(8),
    CLUSTER_ACTION(9),
    DESCRIBE_CONFIGS(10),
    ALTER_CONFIGS(11),
    IDEMPOTENT_WRITE(12),
    CREATE_TOKENS(13),
    DESCRIBE_TOKENS(14),
    TWO_PHASE_COMMIT(15);

    private final int code;

    Operation(int code) {
        this.code = code;
    }

    /** Kafka's {@code AclOperation} code. */
    public int code() {
        return code;
    }

    /** This operation's bit in an {@code *AuthorizedOperations} field. */
    public int bit() {
        return 1 << code;
    }
}
