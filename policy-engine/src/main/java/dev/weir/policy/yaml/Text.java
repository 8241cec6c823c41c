package dev.weir.policy.yaml;

/** A scalar of text and where it stands. */
public record Text(String value, Position at) {

    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return value;
    }
}
