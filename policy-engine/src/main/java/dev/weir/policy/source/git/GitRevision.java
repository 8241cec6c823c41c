package dev.weir.policy.source.git;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Reads files as they stand in some commit of a repository on this machine. */
public final class GitRevision {

    private GitRevision() {}

    /** What is read of a revision. */
    @FunctionalInterface
    public interface Reading<T> {
        /**
         * Reads.
         *
         * @param folder path in the commit's tree; empty for its root
         */
        T read(Repository repository, ObjectId commit, String folder) throws SourceException, IOException;
    }

    /** The policy of one revision, named as {@link #at} says. */
    public static PolicyFiles read(Path here, String revision) throws SourceException {
        return at(here, revision, (repository, commit, folder) -> CommitReader.read(repository, commit, folder, ""));
    }

    /**
     * Something of one revision, as Git spells them: {@code main}, {@code HEAD~1}, {@code origin/change}, a commit id;
     * with {@code :folder} behind it for a folder other than the one that the command is run in.
     *
     * @param here a folder of the work tree: without {@code :folder}, the folder of the commit that is read
     */
    public static <T> T at(Path here, String revision, Reading<T> reading) throws SourceException {
        int colon = revision.indexOf(':');
        String commit = colon < 0 ? revision : revision.substring(0, colon);
        Path start = here.toAbsolutePath().normalize();
        FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(start.toFile());
        if (builder.getGitDir() == null) {
            throw new SourceException(revision + " is no folder, and " + start
                    + " is in no Git repository of which it could be a revision");
        }
        try (Repository repository = builder.build()) {
            ObjectId id = repository.resolve(commit + "^{commit}");
            if (id == null) {
                throw new SourceException(revision + " is neither a folder nor a revision of the Git repository at "
                        + builder.getGitDir());
            }
            String path = colon < 0 ? folder(repository, start) : trimmed(revision.substring(colon + 1));
            return reading.read(repository, id, path);
        } catch (IOException | RevisionSyntaxException e) {
            throw new SourceException(
                    revision + " cannot be read from " + builder.getGitDir() + ": " + FailureWords.ofItself(e), e);
        }
    }

    private static String folder(Repository repository, Path here) {
        if (repository.isBare()) {
            return "";
        }
        Path root = repository.getWorkTree().toPath().toAbsolutePath().normalize();
        return here.startsWith(root) ? root.relativize(here).toString().replace('\\', '/') : "";
    }

    private static String trimmed(String path) {
        return path.replaceAll("^(\\./|/)+|/+$", "");
    }
}
