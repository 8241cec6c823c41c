package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
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
                List<Breach> breaches = schemas.breaches(old, level.compatibility());
                breaches.stream()
                        .filter(breach -> breach.file().equals(file))
                        .forEach(breach -> broken.add(Broken.of(breach, version.getKey())));
                if (isProtobuf(file)) {
                    importsOf(schemas, old, file, breaches);
                }
            }
        }
        added.removeAll(compared);
    }

    /** What other formats refer to is compared where it is used. */
    private static boolean isProtobuf(String file) {
        return SchemaFormat.ofFile(file).filter(SchemaFormat.PROTOBUF::equals).isPresent();
    }

    /** The number of the version is that of whoever imports, and is not told. */
    private void importsOf(SchemaSet schemas, SchemaSet old, String file, List<Breach> breaches) {
        old.files().stream()
                .filter(name -> !name.equals(file) && schemas.files().contains(name))
                .forEach(compared::add);
        breaches.stream()
                .filter(breach -> !breach.file().equals(file))
                .forEach(breach -> broken.add(Broken.of(breach, null)));
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
                .forEach((name, text) ->
                        texts.put(format == SchemaFormat.PROTOBUF ? imported(file, name, files) : name, text));
        texts.put(file, schema.text());
        try {
            return SchemaSet.of(format, texts);
        } catch (SchemaFileException e) {
            throw new CommandFailure(url + ", " + place + ": " + e.reason(), e);
        }
    }

    /** The file that an import means: its path counts from any folder above. */
    private static String imported(String from, String path, Set<String> files) {
        for (Path folder = Path.of(from).getParent(); folder != null; folder = folder.getParent()) {
            String file = folder.resolve(path).toString();
            if (files.contains(file)) {
                return file;
            }
        }
        return path;
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
