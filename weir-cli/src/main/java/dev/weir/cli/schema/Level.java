package dev.weir.cli.schema;

import dev.weir.schema.compatibility.Compatibility;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What is asked for with {@code --compatibility}.
 *
 * @param transitive whether with all versions before, and not only with the last
 */
record Level(Compatibility compatibility, boolean transitive) {
    private static final String TRANSITIVE = "-transitive";

    /** As people write it, and registries call it, in lower case. */
    @Override
    public String toString() {
        return compatibility.name().toLowerCase(Locale.ROOT) + (transitive ? TRANSITIVE : "");
    }

    /** From text. */
    static final class Converter implements ITypeConverter<Level> {
        @Override
        public Level convert(String value) {
            for (Compatibility compatibility : Compatibility.values()) {
                for (boolean transitive : new boolean[] {false, true}) {
                    Level level = new Level(compatibility, transitive);
                    if (level.toString().equals(value)) {
                        return level;
                    }
                }
            }
            throw new TypeConversionException(
                    "expected backward, forward or full, each also with -transitive, but was '" + value + "'");
        }
    }
}
