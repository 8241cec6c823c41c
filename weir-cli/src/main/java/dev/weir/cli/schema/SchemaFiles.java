package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.source.git.GitRevision;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/** The schema files of a folder, on disk or in a commit. Hidden files and folders are left out. */
final class SchemaFiles {
    private static final int FILES_MAX = 10_000;
    private static final int BYTES_MAX = 1 << 20;

    private final String where;
    private final SortedMap<String, String> texts = new TreeMap<>();

    private SchemaFiles(String where) {
        this.where = where;
    }

    /**
     * Those of a folder.
     *
     * @throws CommandFailure when it cannot be read
     */
    static SchemaFiles of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(folder + " is no folder");
        }
        SchemaFiles found = new SchemaFiles(folder.toString());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                found.add(name, () -> Files.newInputStream(file));
            }
        } catch (IOException e) {
            throw new CommandFailure(folder + " cannot be read: " + FailureWords.ofItself(e), e);
        }
        return found;
    }

    /**
     * Those of a Git revision.
     *
     * @param here the folder that is compared, which is also the one of the commit that is read
     * @param revision as {@link GitRevision#at} takes it
     * @throws CommandFailure when it cannot be read
     */
    static SchemaFiles of(Path here, String revision) {
        try {
            return GitRevision.at(
                    here, revision, (repository, commit, folder) -> read(repository, commit, folder, revision));
        } catch (SourceException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static SchemaFiles read(Repository repository, ObjectId commit, String folder, String revision)
            throws IOException {
        SchemaFiles found = new SchemaFiles(revision + ", folder /" + folder);
        try (RevWalk revisions = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            RevCommit parsed = revisions.parseCommit(commit);
            walk.addTree(parsed.getTree());
            walk.setRecursive(true);
            if (!folder.isEmpty()) {
                walk.setFilter(PathFilter.create(folder));
            }
            String prefix = folder.isEmpty() ? "" : folder + "/";
            while (walk.next()) {
                FileMode mode = walk.getFileMode(0);
                boolean file = mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
                if (file && walk.getPathString().startsWith(prefix)) {
                    ObjectId content = walk.getObjectId(0);
                    found.add(
                            walk.getPathString().substring(prefix.length()),
                            () -> repository.open(content).openStream());
                }
            }
        }
        return found;
    }

    private interface Content {
        InputStream open() throws IOException;
    }

    private void add(String name, Content content) throws IOException {
        if (name.startsWith(".")
                || name.contains("/.")
                || SchemaFormat.ofFile(name).isEmpty()) {
            return;
        }
        byte[] bytes;
        try (InputStream in = content.open()) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        }
        if (bytes.length > BYTES_MAX || texts.size() == FILES_MAX) {
            throw new CommandFailure(where + ": more than " + FILES_MAX + " schemas, or " + name + " has more than "
                    + BYTES_MAX + " bytes");
        }
        texts.put(name, new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * As schemas.
     *
     * @throws CommandFailure when one of them is none
     */
    SchemaSet parsed() {
        try {
            return SchemaSet.of(texts);
        } catch (SchemaFileException e) {
            throw new CommandFailure(where + ": " + e.getMessage(), e);
        }
    }

    /** Whether there is nothing to compare. */
    boolean isEmpty() {
        return texts.isEmpty();
    }

    String where() {
        return where;
    }
}
