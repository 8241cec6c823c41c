package dev.weir.policy.source.git;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.PolicySource;
import dev.weir.policy.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a Git repository, polled: the server is asked for the branch's commit, and only a commit that is not
 * known yet is fetched, into a bare repository of this source's own. One thread, but for {@link #close}.
 *
 * <p>What the branch says is what counts, so a rewritten history is followed, and noticed. Everything else that is not
 * a commit with a policy folder - a server that does not answer, an empty repository, a branch or folder that is gone -
 * is a {@link SourceException}, and leaves what is in force as it is.
 */
public final class GitSource implements PolicySource {
    private static final String FETCHED = "refs/heads/policy";

    private final GitSettings settings;
    private final Path folder;
    private final boolean temporary;
    private final Repository repository;
    private final Transports transports;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable ObjectId last;

    /**
     * Asks nothing of the network yet.
     *
     * @throws SourceException if there is no place to keep the objects
     */
    public GitSource(GitSettings settings) throws SourceException {
        this.settings = settings;
        this.temporary = settings.cache().isEmpty();
        try {
            this.folder = settings.cache().isPresent()
                    ? Files.createDirectories(settings.cache().get())
                    : Files.createTempDirectory("weir-policy-git");
            this.repository = new FileRepositoryBuilder()
                    .setGitDir(folder.resolve("objects.git").toFile())
                    .setBare()
                    .build();
            if (!repository.getObjectDatabase().exists()) {
                repository.create(true);
            }
            // housekeeping after a fetch ends with it: no thread of its own works in a folder that close() removes
            repository
                    .getConfig()
                    .setBoolean(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTODETACH, false);
        } catch (IOException e) {
            throw new SourceException("there is no folder to keep Git's objects in: " + FailureWords.ofItself(e), e);
        }
        this.transports = new Transports(settings, folder);
    }

    @Override
    public String description() {
        String path = settings.path().isEmpty() ? "" : " path " + settings.path();
        return "git " + settings.url() + " branch " + settings.branch() + path;
    }

    @Override
    public PolicyFiles read() throws SourceException {
        ObjectId head = ask();
        try {
            if (!repository.getObjectDatabase().has(head) || !head.equals(repository.resolve(FETCHED))) {
                head = fetch();
            }
            String notice = notice(head);
            PolicyFiles files = CommitReader.read(repository, head, settings.path(), notice);
            last = head;
            return files;
        } catch (IOException e) {
            throw new SourceException(
                    description() + ": commit " + head.name() + " cannot be read: " + FailureWords.ofItself(e), e);
        }
    }

    /** The commit that the branch is at. */
    private ObjectId ask() throws SourceException {
        Collection<Ref> heads;
        try {
            heads = transports
                    .prepared(Git.lsRemoteRepository())
                    .setRemote(settings.url())
                    .setHeads(true)
                    .call();
        } catch (GitAPIException | JGitInternalException e) {
            throw new SourceException(description() + " cannot be reached: " + reason(e), e);
        }
        if (heads.isEmpty()) {
            throw new SourceException(description() + ": the repository is empty");
        }
        String wanted = Constants.R_HEADS + settings.branch();
        Optional<ObjectId> head = heads.stream()
                .filter(ref -> ref.getName().equals(wanted))
                .map(Ref::getObjectId)
                .findFirst();
        return head.orElseThrow(() -> new SourceException(description() + ": there is no such branch; there are "
                + heads.stream()
                        .map(ref -> Repository.shortenRefName(ref.getName()))
                        .limit(10)
                        .collect(Collectors.joining(", "))));
    }

    private ObjectId fetch() throws SourceException, IOException {
        try (Git git = Git.wrap(repository)) {
            transports
                    .prepared(git.fetch())
                    .setRemote(settings.url())
                    .setRefSpecs(new RefSpec("+" + Constants.R_HEADS + settings.branch() + ":" + FETCHED))
                    .setTagOpt(TagOpt.NO_TAGS)
                    .call();
        } catch (GitAPIException | JGitInternalException e) {
            throw new SourceException(description() + " cannot be fetched: " + reason(e), e);
        }
        ObjectId fetched = repository.resolve(FETCHED);
        if (fetched == null) {
            throw new SourceException(description() + ": the branch went away while it was fetched");
        }
        return fetched;
    }

    private String notice(ObjectId head) throws IOException {
        if (last == null || last.equals(head)) {
            return "";
        }
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.isMergedInto(walk.parseCommit(last), walk.parseCommit(head))
                    ? ""
                    : "history was rewritten: " + last.name() + " is not part of " + head.name();
        }
    }

    /** The innermost message: the outer ones only repeat the URL. */
    private static String reason(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return FailureWords.ofItself(e)
                + (cause == e || cause.getMessage() == null ? "" : " (" + FailureWords.ofItself(cause) + ")");
    }

    @Override
    public void awaitChange(Duration max) throws InterruptedException {
        Duration wait = max.compareTo(settings.poll()) < 0 ? max : settings.poll();
        if (closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("closed");
        }
    }

    @Override
    public void close() {
        closed.countDown();
        transports.close();
        repository.close();
        if (temporary) {
            try (Stream<Path> paths = Files.walk(folder)) {
                List<Path> deepestFirst =
                        paths.sorted((left, right) -> right.compareTo(left)).toList();
                for (Path path : deepestFirst) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                // a temporary folder; the system clears it
            }
        }
    }
}
