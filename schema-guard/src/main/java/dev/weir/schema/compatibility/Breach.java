package dev.weir.schema.compatibility;

/**
 * One reason why two versions of a schema do not fit.
 *
 * @param file of the new version
 * @param direction what is broken
 * @param path where in the schema, as {@code items[].price}; empty for the schema itself
 * @param reason what is so, and what would mend it
 */
public record Breach(String file, Direction direction, String path, String reason) {

    /** One line: file, place, what is broken, why. */
    public String text() {
        String where = path.isEmpty() ? "" : "at " + path + ": ";
        return file + ": " + where + direction.broken() + ": " + reason;
    }
}
