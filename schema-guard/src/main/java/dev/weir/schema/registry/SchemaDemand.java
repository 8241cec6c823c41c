package dev.weir.schema.registry;

import dev.weir.schema.format.Reading;

/**
 * What the schema of a record has to be.
 *
 * @param naming the subject that it has to be registered for
 * @param level how closely a record is looked at
 * @param reading how its payload is read
 */
public record SchemaDemand(SubjectNaming naming, Level level, Reading reading) {
    /** How closely. */
    public enum Level {
        /** The schema that it says is registered for the subject; its payload is not read. */
        ID,
        /** And its payload is what that schema says. */
        PAYLOAD
    }

    /** Whether payloads are not read. */
    public boolean isById() {
        return level == Level.ID;
    }

    /** Whether the schema itself has to be known. */
    boolean needsSchema() {
        return level == Level.PAYLOAD || naming.needsRecordName();
    }
}
