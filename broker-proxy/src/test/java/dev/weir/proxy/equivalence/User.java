package dev.weir.proxy.equivalence;

/** Who asks. Each request of the table is made by all three, so that one request gives three cases. */
enum User {
    /** May do everything. */
    ADMIN("all allowed"),
    /** May do some of it: see {@link Rights}. */
    ALICE("mixed"),
    /** May do nothing. */
    BOB("all denied");

    final String meaning;

    User(String meaning) {
        this.meaning = meaning;
    }

    String login() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
