package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
import dev.weir.schema.registry.RawSchema;
import dev.weir.schema.registry.RegistryVersions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionException;

/** Compares files with the versions that a registry has of their subjects. A file's subject is its name without its ending. */
final class RegistryComparison {
    private final RegistryVersions registry;
    private final String url;
    private final List<String> compared = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    private final List<Broken> broken = new ArrayList<>();

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
                for (Breach breach : schemas.breaches(
                        old(file, subject + " version " + version.getKey(), version.getValue()),
                        level.compatibility())) {
                    if (breach.file().equals(file)) {
                        broken.add(Broken.of(breach, version.getKey()));
                    }
                }
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

    /** An older version, under the name of the file. */
    private SchemaSet old(String file, String place, RawSchema schema) throws SchemaFileException {
        SchemaFormat format = SchemaFormat.ofFile(file).orElseThrow();
        if (!SchemaFormat.ofRegistry(schema.type()).filter(format::equals).isPresent()) {
            throw new CommandFailure(
                    file + " is of another format than " + place + " at " + url + ", which is " + schema.type());
        }
        Map<String, String> texts = new HashMap<>(schema.references());
        texts.put(file, schema.text());
        try {
            return SchemaSet.of(format, texts);
        } catch (SchemaFileException e) {
            throw new CommandFailure(url + ", " + place + ": " + e.reason(), e);
        }
    }

    List<String> compared() {
        return compared;
    }

    /** Files whose subject the registry does not have. */
    List<String> added() {
        return added;
    }

    List<Broken> broken() {
        return broken;
    }
}
