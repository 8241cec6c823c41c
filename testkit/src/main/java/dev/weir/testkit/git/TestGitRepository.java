package dev.weir.testkit.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * A repository with a work tree, on branch {@code main}. Every change is one commit by a fixed author; nothing depends on the
 * Git configuration of whoever runs the test. Not for use by several threads.
 */
public final class TestGitRepository implements AutoCloseable {

    private static final PersonIdent AUTHOR = new PersonIdent("Weir Test", "test@weir.test");

    private final Path dir;
    private final Git git;

    private TestGitRepository(Path dir, Git git) {
        this.dir = dir;
        this.git = git;
    }

    /** A new repository in {@code dir}, without a commit. */
    public static TestGitRepository init(Path dir) {
        return attempt(
                "init " + dir,
                () -> new TestGitRepository(
                        dir,
                        Git.init()
                                .setDirectory(dir.toFile())
                                .setInitialBranch("main")
                                .call()));
    }

    /** What to clone from: a {@code file://} URL. */
    public String url() {
        // Path.toUri ends a directory with a slash and leaves the authority out of the text
        return "file://" + dir.toUri().getPath().replaceAll("/$", "");
    }

    public Path dir() {
        return dir;
    }

    /** Writes files by their path in the repository, commits them and returns the commit id. */
    public String commit(String message, Map<String, String> contentByPath) {
        return attempt("commit", () -> {
            for (Map.Entry<String, String> file : contentByPath.entrySet()) {
                Path path = dir.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            git.add().addFilepattern(".").call();
            return commitAll(message, false);
        });
    }

    /** Removes files in a commit of its own. */
    public String delete(String message, List<String> paths) {
        return attempt("delete", () -> {
            for (String path : paths) {
                git.rm().addFilepattern(path).call();
            }
            return commitAll(message, false);
        });
    }

    /** Replaces the newest commit by one with other content: the branch is no descendant of what it was. */
    public String amend(String message, Map<String, String> contentByPath) {
        return attempt("amend", () -> {
            for (Map.Entry<String, String> file : contentByPath.entrySet()) {
                Files.writeString(dir.resolve(file.getKey()), file.getValue());
            }
            git.add().addFilepattern(".").call();
            return commitAll(message, true);
        });
    }

    /** Moves the branch, and the files with it, to another commit: back in history, or anywhere. */
    public void resetTo(String commitId) {
        attempt(
                "reset",
                () -> git.reset().setMode(ResetType.HARD).setRef(commitId).call());
    }

    /** Creates a branch at the present commit and switches to it. */
    public void checkoutNewBranch(String name) {
        attempt(
                "new branch",
                () -> git.checkout().setCreateBranch(true).setName(name).call());
    }

    public void checkout(String branch) {
        attempt("checkout", () -> git.checkout().setName(branch).call());
    }

    public void deleteBranch(String name) {
        attempt(
                "delete branch",
                () -> git.branchDelete().setBranchNames(name).setForce(true).call());
    }

    /** Id of the present commit. */
    public String head() {
        return attempt("head", () -> {
            ObjectId head = git.getRepository().resolve("HEAD");
            if (head == null) {
                throw new IllegalStateException("repository " + dir + " has no commit yet");
            }
            return head.name();
        });
    }

    /** Removes the whole repository from the disk, as a server that lost it. */
    public void deleteRepository() {
        close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("repository " + dir + " cannot be deleted", e);
        }
    }

    @Override
    public void close() {
        git.close();
    }

    private String commitAll(String message, boolean amend) throws GitAPIException {
        return git.commit()
                .setMessage(message)
                .setAuthor(AUTHOR)
                .setCommitter(AUTHOR)
                .setAmend(amend)
                .setAllowEmpty(true)
                .setNoVerify(true)
                .setSign(false)
                .call()
                .name();
    }

    private static <T> T attempt(String what, Step<T> step) {
        try {
            return step.run();
        } catch (GitAPIException e) {
            throw new IllegalStateException("git " + what + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("git " + what, e);
        }
    }

    private interface Step<T> {
        T run() throws GitAPIException, IOException;
    }
}
