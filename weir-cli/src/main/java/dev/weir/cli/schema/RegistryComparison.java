package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
import dev.weir.schema.protobuf.ProtoImports;
import dev.weir.schema.registry.RawSchema;
import dev.weir.schema.registry.RegistryVersions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/**
 * Compares files with the versions that a registry has of their subjects. A file's subject is its name without its ending. What a
 * Protobuf file imports is compared as that version had it: registries keep it under the subject that whoever registered it chose.
 */
final class RegistryComparison {
    private final RegistryVersions registry;
    private final String url;
    private final NavigableSet<String> compared = new TreeSet<>();
    private final NavigableSet<String> added = new TreeSet<>();
    private final Set<Broken> broken = new LinkedHashSet<>();

    RegistryComparison(RegistryVersions registry, String url) {
        this.registry = registry;
        this.url = url;
    }

    /**
     * Does it, one subject after the other.
     *
     * @throws CommandFailure when two files have one subject, or the registry does not answer
     */
    void compare(SchemaSet schemas, Level level) throws SchemaFileException {
        Map<String, String> subjects = new HashMap<>();
        for (String file : schemas.files()) {
            String subject = subject(file);
            String other = subjects.put(subject, file);
            if (other != null) {
                throw new CommandFailure(other + " and " + file + " are both of subject " + subject);
            }
        }
        for (String file : schemas.files()) {
            String subject = subject(file);
            SortedMap<Integer, RawSchema> versions = versions(subject, level.transitive());
            (versions.isEmpty() ? added : compared).add(file);
            for (Map.Entry<Integer, RawSchema> version : versions.entrySet()) {
                SchemaSet old =
                        old(file, schemas.files(), subject + " version " + version.getKey(), version.getValue());
                compare(schemas, old, file, version.getKey(), level.compatibility());
            }
        }
        added.removeAll(compared);
    }

    /** A file, and what it imports, with an older version. The number of that is not told of what is imported: it has others. */
    private void compare(SchemaSet schemas, SchemaSet old, String file, int version, Compatibility level)
            throws SchemaFileException {
        for (String one : old.withImports(file)) {
            if (schemas.files().contains(one)) {
                compared.add(one);
                schemas.breaches(one, old, level)
                        .forEach(breach -> broken.add(Broken.of(breach, one.equals(file) ? version : null)));
            }
        }
    }

    private static String subject(String file) {
        String name = String.valueOf(Path.of(file).getFileName());
        return name.substring(0, name.lastIndexOf('.'));
    }

    private SortedMap<Integer, RawSchema> versions(String subject, boolean all) {
        try {
            return registry.of(subject, all).join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailure(url + ", subject " + subject + ": " + cause.getMessage(), cause);
        }
    }

    /** An older version, under the name of the file, and what it refers to under the names of files, where there are such. */
    private SchemaSet old(String file, Set<String> files, String place, RawSchema schema) throws SchemaFileException {
        SchemaFormat format = SchemaFormat.ofFile(file).orElseThrow();
        if (!SchemaFormat.ofRegistry(schema.type()).filter(format::equals).isPresent()) {
            throw new CommandFailure(
                    file + " is of another format than " + place + " at " + url + ", which is " + schema.type());
        }
        Map<String, String> texts = new HashMap<>();
        schema.references()
                .forEach((name, text) -> texts.put(
                        format == SchemaFormat.PROTOBUF
                                ? ProtoImports.find(file, name, files).orElse(name)
                                : name,
                        text));
        texts.put(file, schema.text());
        try {
            return SchemaSet.of(format, texts);
        } catch (SchemaFileException e) {
            throw new CommandFailure(url + ", " + place + ": " + e.reason(), e);
        }
    }

    List<String> compared() {
        return List.copyOf(compared);
    }

    /** Files whose subject the registry does not have, and that nothing imports which it has. */
    List<String> added() {
        return List.copyOf(added);
    }

    List<Broken> broken() {
        return List.copyOf(broken);
    }
}
