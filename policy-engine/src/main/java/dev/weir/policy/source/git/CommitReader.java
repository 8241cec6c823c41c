package dev.weir.policy.source.git;

import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.yaml.YamlFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Reads the policy files of one commit. Hidden files and folders are left out. Symbolic links and submodules are
 * errors: to pass over one in silence might be to pass over a deny.
 */
final class CommitReader {
    private final Repository repository;
    private final String commit;
    private final List<PolicyFile> files = new ArrayList<>();
    private long bytes;

    private CommitReader(Repository repository, String commit) {
        this.repository = repository;
        this.commit = commit;
    }

    /**
     * @param path the policy folder; empty for the root
     */
    static PolicyFiles read(Repository repository, ObjectId commit, String path, String notice)
            throws SourceException, IOException {
        CommitReader reader = new CommitReader(repository, commit.name());
        String author;
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit parsed = walk.parseCommit(commit);
            author = author(parsed);
            reader.readFolder(path.isEmpty() ? parsed.getTree() : reader.folder(parsed, path));
        }
        if (reader.files.isEmpty()) {
            throw new SourceException(
                    "commit " + reader.commit + ", folder /" + path + ": found no *.yaml file, expected at least one");
        }
        reader.files.sort(Comparator.comparing(PolicyFile::path));
        return new PolicyFiles(reader.commit, reader.files, notice, author);
    }

    private static String author(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return author == null ? "" : author.getName() + " <" + author.getEmailAddress() + ">";
    }

    private ObjectId folder(RevCommit parsed, String path) throws SourceException, IOException {
        try (TreeWalk walk = TreeWalk.forPath(repository, path, parsed.getTree())) {
            if (walk == null || !walk.isSubtree()) {
                String found = walk == null ? "nothing" : "a file";
                throw new SourceException("commit " + commit + ", folder /" + path + ": found " + found
                        + ", expected a folder with policy");
            }
            return walk.getObjectId(0);
        }
    }

    private void readFolder(ObjectId tree) throws SourceException, IOException {
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(tree);
            while (walk.next()) {
                if (walk.getNameString().startsWith(".")) {
                    continue;
                }
                FileMode mode = walk.getFileMode(0);
                if (mode.equals(FileMode.TREE)) {
                    walk.enterSubtree();
                } else if (mode.equals(FileMode.SYMLINK) || mode.equals(FileMode.GITLINK)) {
                    String kind = mode.equals(FileMode.SYMLINK) ? "symbolic link" : "submodule";
                    throw new SourceException("commit " + commit + ": " + walk.getPathString() + " is a " + kind
                            + ", which is not followed; put the file itself there");
                } else if (PolicyFiles.isPolicy(walk.getNameString())) {
                    add(walk.getPathString(), repository.open(walk.getObjectId(0)));
                }
            }
        }
    }

    private void add(String path, ObjectLoader blob) throws SourceException, IOException {
        bytes += blob.getSize();
        if (files.size() == PolicyFiles.FILES_MAX || bytes > PolicyFiles.BYTES_MAX) {
            throw new SourceException("commit " + commit + ": more than " + PolicyFiles.FILES_MAX + " policy files or "
                    + PolicyFiles.BYTES_MAX + " bytes");
        }
        // as much of a file as shows that it is too large: the parser says so, with its name
        try (var in = blob.openStream()) {
            files.add(new PolicyFile(path, in.readNBytes(YamlFile.BYTES_MAX + 1)));
        }
    }
}
