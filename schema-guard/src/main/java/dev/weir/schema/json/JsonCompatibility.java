package dev.weir.schema.json;

import dev.weir.schema.Limits;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Direction;
import dev.weir.schema.compatibility.SchemaFileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether one version of a schema takes all that another does, as schema registries look at it: property by property, with what an
 * object may have beside those that are said. What cannot be compared has to be the same. For one file and one direction.
 */
final class JsonCompatibility {
    private static final Set<String> TYPES = Set.of("object", "array", "string", "number", "boolean", "null");
    /** Keywords of the reader that the writer has to have in the same words. */
    private static final List<String> AS_THEY_ARE = List.of(
            "pattern",
            "uniqueItems",
            "multipleOf",
            "contains",
            "minContains",
            "maxContains",
            "patternProperties",
            "propertyNames",
            "dependencies",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
            "unevaluatedItems",
            "not",
            "if",
            "then",
            "else");

    private final String file;
    private final Direction direction;
    private final SchemaLibrary readers;
    private final SchemaLibrary writers;
    private final Set<String> seen = new HashSet<>();
    private List<Breach> breaches = new ArrayList<>();

    JsonCompatibility(String file, Direction direction, SchemaLibrary readers, SchemaLibrary writers) {
        this.file = file;
        this.direction = direction;
        this.readers = readers;
        this.writers = writers;
    }

    /** Why the reader's version does not take what the writer's takes; nothing when it does. */
    List<Breach> breaches(SchemaPlace reader, SchemaPlace writer) throws SchemaFileException {
        compare(reader, writer, "");
        return breaches;
    }

    private void compare(SchemaPlace reader, SchemaPlace writer, String path) throws SchemaFileException {
        Said read = Said.of(readers, reader);
        Said written = Said.of(writers, writer);
        if (read.takesAll() || written.takesNothing() || !seen.add(read.key() + " reads " + written.key())) {
            return;
        }
        if (read.takesNothing()) {
            add(path, "the " + readers() + " schema takes no value there, and the " + writers() + " one does");
        } else if (!written.values().isEmpty()) {
            values(read, written, path);
        } else if (!branches(read, written, path)) {
            types(read, written, path);
            asTheyAre(read, written, path);
            JsonBounds.breaches(read, written, readers(), writers()).forEach(reason -> add(path, reason));
            arrays(read, written, path);
            objects(read, written, path);
            for (SchemaPlace each : read.schemas("allOf")) {
                compare(each, writer, path);
            }
        }
    }

    /** The writer says each of its values: whether the reader takes them needs no rules. */
    private void values(Said read, Said written, String path) throws SchemaFileException {
        SchemaCompiler compiler = new SchemaCompiler(readers);
        JsonValidator validator = new JsonValidator(compiler.compile(read.place()), compiler.names(), Limits.DEFAULT);
        for (int value : written.values()) {
            String text = written.place().tape().json(value);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (validator.check(bytes, 0, bytes.length) != null) {
                add(
                        path,
                        "the " + readers() + " schema does not take " + text + ", which the " + writers()
                                + " one does");
            }
        }
    }

    /** Whether one of both is several schemas, of which each that was written needs one that reads it. */
    private boolean branches(Said read, Said written, String path) throws SchemaFileException {
        List<SchemaPlace> writerBranches = written.alternatives();
        List<SchemaPlace> readerBranches = read.alternatives();
        if (!writerBranches.isEmpty()) {
            for (SchemaPlace branch : writerBranches) {
                compare(read.place(), branch, path);
            }
            return true;
        }
        List<SchemaPlace> all = written.schemas("allOf");
        if (!all.isEmpty() && read.schemas("allOf").isEmpty()) {
            for (SchemaPlace part : all) {
                if (fits(read.place(), part)) {
                    return true; // what is narrower still fits
                }
            }
        }
        if (readerBranches.isEmpty()) {
            return false;
        }
        for (SchemaPlace branch : readerBranches) {
            if (fits(branch, written.place())) {
                return true;
            }
        }
        if (readerBranches.size() == 1) {
            compare(readerBranches.get(0), written.place(), path);
        } else {
            add(
                    path,
                    "none of the " + readerBranches.size() + " schemas that the " + readers()
                            + " schema has there takes all that the " + writers() + " one takes");
        }
        return true;
    }

    private boolean fits(SchemaPlace reader, SchemaPlace writer) throws SchemaFileException {
        List<Breach> before = breaches;
        Set<String> seenBefore = new HashSet<>(seen);
        breaches = new ArrayList<>();
        compare(reader, writer, "");
        boolean fits = breaches.isEmpty();
        breaches = before;
        if (!fits) {
            seen.retainAll(seenBefore);
        }
        return fits;
    }

    private void types(Said read, Said written, String path) throws SchemaFileException {
        if (!read.values().isEmpty()) {
            add(path, "the " + readers() + " schema takes only some values, and the " + writers() + " one others, too");
            return;
        }
        Set<String> lacking = new TreeSet<>(written.types(TYPES));
        Set<String> taken = read.types(TYPES);
        lacking.removeIf(type -> taken.contains(type) || (type.equals("integer") && taken.contains("number")));
        if (!lacking.isEmpty()) {
            add(
                    path,
                    "the " + readers() + " schema does not take " + String.join(", ", lacking) + ", which the "
                            + writers() + " one does");
        }
    }

    private void asTheyAre(Said read, Said written, String path) {
        for (String keyword : AS_THEY_ARE) {
            int here = read.at(keyword);
            int there = written.at(keyword);
            boolean same = here >= 0
                    && there >= 0
                    && read.place()
                            .tape()
                            .json(here)
                            .equals(written.place().tape().json(there));
            if (here >= 0 && !same) {
                add(
                        path,
                        keyword + " of the " + readers() + " schema is none of the " + writers() + " one, or another");
            }
        }
    }

    private void arrays(Said read, Said written, String path) throws SchemaFileException {
        List<SchemaPlace> first = read.firstItems();
        List<SchemaPlace> writtenFirst = written.firstItems();
        for (int i = 0; i < Math.max(first.size(), writtenFirst.size()); i++) {
            SchemaPlace reader = i < first.size() ? first.get(i) : read.otherItems();
            SchemaPlace writer = i < writtenFirst.size() ? writtenFirst.get(i) : written.otherItems();
            child(reader, writer, path + "[" + i + "]");
        }
        child(read.otherItems(), written.otherItems(), path + "[]");
    }

    private void objects(Said read, Said written, String path) throws SchemaFileException {
        Map<String, SchemaPlace> properties = read.properties();
        Map<String, SchemaPlace> writtenProperties = written.properties();
        Map<String, SchemaPlace> all = new LinkedHashMap<>(properties);
        writtenProperties.forEach(all::putIfAbsent);
        for (String name : all.keySet()) {
            String below = path.isEmpty() ? name : path + "." + name;
            SchemaPlace reader = properties.get(name);
            SchemaPlace writer = writtenProperties.get(name);
            if (reader == null) {
                gone(read.place("additionalProperties"), writer, below);
            } else if (writer == null) {
                added(reader, written.place("additionalProperties"), below);
            } else {
                compare(reader, writer, below);
            }
        }
        child(read.place("additionalProperties"), written.place("additionalProperties"), path + "{}");
        Set<String> required = new LinkedHashSet<>(read.required());
        required.removeAll(written.required());
        for (String name : required) {
            SchemaPlace property = properties.get(name);
            if (property == null || Said.of(readers, property).at("default") < 0) {
                add(
                        path.isEmpty() ? name : path + "." + name,
                        "the " + readers() + " schema requires the property, and the " + writers()
                                + " one does not; leave it optional, or give it a default");
            }
        }
    }

    private void gone(@Nullable SchemaPlace additional, @Nullable SchemaPlace property, String path)
            throws SchemaFileException {
        if (additional != null && Said.of(readers, additional).takesNothing()) {
            add(
                    path,
                    "the " + readers()
                            + " schema does not have the property and takes no others; keep it, or take others");
        } else {
            child(additional, property, path);
        }
    }

    private void added(SchemaPlace property, @Nullable SchemaPlace additional, String path) throws SchemaFileException {
        if (Said.of(readers, property).takesAll()) {
            return;
        }
        if (additional == null || Said.of(writers, additional).takesAll()) {
            add(
                    path,
                    "the " + writers()
                            + " schema does not have the property and takes any others, so it may be anything"
                            + " there; have schemas say additionalProperties: false before properties are added");
        } else {
            compare(property, additional, path);
        }
    }

    /** Two schemas of which either may be missing, which stands for anything. */
    private void child(@Nullable SchemaPlace reader, @Nullable SchemaPlace writer, String path)
            throws SchemaFileException {
        if (reader == null || Said.of(readers, reader).takesAll()) {
            return;
        }
        if (writer == null) {
            add(
                    path,
                    "the " + readers() + " schema says what is there, and by the " + writers()
                            + " one it may be anything");
        } else {
            compare(reader, writer, path);
        }
    }

    private void add(String path, String reason) {
        breaches.add(new Breach(file, direction, path, reason));
    }

    private String readers() {
        return direction == Direction.BACKWARD ? "new" : "old";
    }

    private String writers() {
        return direction == Direction.BACKWARD ? "old" : "new";
    }
}
