package dev.weir.proxy.equivalence;

/** The two ways to the one cluster. */
enum Side {
    /** A user's own connection to the broker, which decides by its ACLs. */
    KAFKA("k"),
    /** The same user's connection to Weir, which decides by policy and goes on as a super user. */
    WEIR("w");

    private final String letter;

    Side(String letter) {
        this.letter = letter;
    }

    /** What tells the names of one side's resources from those of the other; of the same length for both. */
    String token(int number) {
        return String.format("%s%05d", letter, number);
    }
}
