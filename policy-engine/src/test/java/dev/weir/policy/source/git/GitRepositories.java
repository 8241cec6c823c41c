package dev.weir.policy.source.git;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.PersonIdent;

/** A real repository with a working tree, to commit policy to. */
final class GitRepositories implements AutoCloseable {
    final Path folder;
    final Git git;

    private GitRepositories(Path folder) throws Exception {
        this.folder = folder;
        this.git = Git.init()
                .setDirectory(folder.toFile())
                .setInitialBranch("main")
                .call();
        git.getRepository().getConfig().setBoolean("commit", null, "gpgSign", false);
        git.getRepository().getConfig().setBoolean("gc", null, "auto", false);
    }

    static GitRepositories init(Path folder) throws Exception {
        return new GitRepositories(folder);
    }

    String url() {
        return folder.toUri().toString();
    }

    /** Writes a file and commits it; the id of the commit. */
    String commit(String path, String text) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return commit();
    }

    /** Commits whatever the working tree holds. */
    String commit() throws Exception {
        git.add().addFilepattern(".").call();
        git.add().addFilepattern(".").setUpdate(true).call();
        PersonIdent somebody = new PersonIdent("Somebody", "somebody@shop.example");
        return git.commit()
                .setMessage("change")
                .setAuthor(somebody)
                .setCommitter(somebody)
                .setSign(false)
                .call()
                .name();
    }

    @Override
    public void close() {
        git.close();
    }
}
