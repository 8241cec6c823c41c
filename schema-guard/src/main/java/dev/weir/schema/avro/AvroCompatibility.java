package dev.weir.schema.avro;

import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;

/** Avro's own rules of schema resolution, in words that say what to do. For one file and one direction. */
final class AvroCompatibility {
    private final String file;
    private final Direction direction;
    private final List<Breach> breaches = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private AvroCompatibility(String file, Direction direction) {
        this.file = file;
        this.direction = direction;
    }

    /** Why the reader's schema does not read what the writer's wrote; nothing when it does. */
    static List<Breach> breaches(String file, Direction direction, Schema reader, Schema writer) {
        AvroCompatibility found = new AvroCompatibility(file, direction);
        found.collect(reader, writer, "");
        return found.breaches.stream().distinct().toList();
    }

    private static List<Incompatibility> incompatibilities(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities();
    }

    private void collect(Schema reader, Schema writer, String above) {
        if (!seen.add(reader.getFullName() + " reads " + writer.getFullName())) {
            return; // a type that holds itself, or one that was told of
        }
        for (Incompatibility found : incompatibilities(reader, writer)) {
            String path = SchemaPath.join(above, SchemaPath.of(reader, found.getLocation()));
            if (found.getType() == SchemaIncompatibilityType.MISSING_UNION_BRANCH) {
                branches(found.getReaderFragment(), found.getWriterFragment(), path);
            } else {
                breaches.add(new Breach(file, direction, path, reason(found)));
            }
        }
    }

    /** Avro says only that a union does not read a branch; a branch of the same kind tells why. */
    private void branches(Schema reader, Schema writer, String path) {
        for (Schema branch : writer.isUnion() ? writer.getTypes() : List.of(writer)) {
            if (incompatibilities(reader, branch).isEmpty()) {
                continue;
            }
            reader.getTypes().stream()
                    .filter(same -> same.getType() == branch.getType())
                    .findFirst()
                    .ifPresentOrElse(
                            same -> collect(same, branch, path),
                            () -> breaches.add(new Breach(
                                    file,
                                    direction,
                                    path,
                                    "the " + readers() + " union has no branch for " + branch.getFullName() + " of the "
                                            + writers() + " schema; add it")));
        }
    }

    private String readers() {
        return direction == Direction.BACKWARD ? "new" : "old";
    }

    private String writers() {
        return direction == Direction.BACKWARD ? "old" : "new";
    }

    private String reason(Incompatibility found) {
        Schema reader = found.getReaderFragment();
        Schema writer = found.getWriterFragment();
        String readers = readers();
        String writers = writers();
        return switch (found.getType()) {
            case READER_FIELD_MISSING_DEFAULT_VALUE ->
                direction == Direction.BACKWARD
                        ? "the field is new and has no default; give it one"
                        : "the field is gone, and had no default; keep it, or give it a default in a version before this";
            case MISSING_ENUM_SYMBOLS ->
                "the " + readers + " enum lacks symbols " + found.getMessage()
                        + " and has no default; keep them, or give the enum a default";
            case MISSING_UNION_BRANCH -> found.getMessage(); // its branches are looked at one by one
            case NAME_MISMATCH ->
                "the " + writers + " name is " + writer.getFullName() + ", the " + readers + " one "
                        + reader.getFullName() + "; give it the other as an alias";
            case FIXED_SIZE_MISMATCH ->
                "the " + writers + " size is " + writer.getFixedSize() + " bytes, the " + readers + " one "
                        + reader.getFixedSize() + "; it cannot change";
            case TYPE_MISMATCH ->
                "the " + writers + " type is " + writer.getType().getName() + ", the " + readers + " one "
                        + reader.getType().getName() + ", which does not read it";
        };
    }
}
