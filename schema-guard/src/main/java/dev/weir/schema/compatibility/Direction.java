package dev.weir.schema.compatibility;

/** Who reads whose records. */
public enum Direction {
    BACKWARD("a consumer with the new schema cannot read records of the old one"),
    FORWARD("a consumer with the old schema cannot read records of the new one");

    private final String broken;

    Direction(String broken) {
        this.broken = broken;
    }

    /** What it means when this does not hold. */
    public String broken() {
        return broken;
    }
}
