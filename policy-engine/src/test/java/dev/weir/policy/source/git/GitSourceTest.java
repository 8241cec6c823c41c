package dev.weir.policy.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.SourceException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitSourceTest {
    @TempDir
    Path folder;

    private GitRepositories remote;
    private GitSource source;

    @BeforeEach
    void init() throws Exception {
        remote = GitRepositories.init(folder.resolve("remote"));
        source = open("main", "policy");
    }

    @AfterEach
    void close() {
        source.close();
        remote.close();
    }

    private GitSource open(String branch, String path) throws SourceException {
        return new GitSource(GitSettings.of(remote.url(), branch, path));
    }

    private static void refused(GitSource source, String message) {
        assertThatThrownBy(source::read).isInstanceOf(SourceException.class).hasMessageContaining(message);
    }

    @Test
    void readsTheFolderAtTheCommitOfTheBranch() throws Exception {
        remote.commit("other/no.yaml", "no: policy");
        remote.commit("policy/.hidden.yaml", "no: policy");
        remote.commit("policy/README.md", "no policy");
        remote.commit("policy/team/b.yml", "b: 1");
        String commit = remote.commit("policy/a.yaml", "a: 1");
        PolicyFiles files = source.read();
        assertThat(files.revision()).isEqualTo(commit);
        assertThat(files.files()).extracting(PolicyFile::path).containsExactly("a.yaml", "team/b.yml");
        assertThat(files.notice()).isEmpty();
        Files.writeString(remote.folder.resolve("policy/a.yaml"), "not committed");
        assertThat(source.read().revision()).isEqualTo(commit);
        assertThat(source.read().author()).matches(".+ <.+>");
        String next = remote.commit();
        assertThat(source.read().revision()).isEqualTo(next);
        assertThat(new String(source.read().files().get(0).content())).isEqualTo("not committed");
    }

    @Test
    void readsAnotherBranchAndTheRoot() throws Exception {
        remote.commit("a.yaml", "a: 1");
        remote.git.checkout().setCreateBranch(true).setName("release").call();
        String commit = remote.commit("b.yaml", "b: 1");
        remote.git.checkout().setName("main").call();
        remote.commit("c.yaml", "c: 1");
        try (GitSource release = open("release", "/")) {
            assertThat(release.read().revision()).isEqualTo(commit);
            assertThat(release.read().files()).hasSize(2);
            assertThat(release.description()).isEqualTo("git " + remote.url() + " branch release");
        }
    }

    @Test
    void saysThatTheRepositoryIsEmptyOrTheBranchMissing() throws Exception {
        refused(source, "the repository is empty");
        remote.commit("policy/a.yaml", "a: 1");
        try (GitSource missing = open("mian", "policy")) {
            refused(missing, "there is no such branch; there are main");
        }
    }

    @Test
    void saysThatTheFolderIsGoneOrHasNoPolicy() throws Exception {
        remote.commit("policy/a.yaml", "a: 1");
        source.read();
        Files.delete(remote.folder.resolve("policy/a.yaml"));
        Files.writeString(remote.folder.resolve("README"), "x");
        String gone = remote.commit();
        refused(source, "commit " + gone + ", folder /policy: found nothing, expected a folder with policy");
        Files.deleteIfExists(remote.folder.resolve("policy"));
        remote.commit("policy", "a file now");
        refused(source, "found a file");
        Files.delete(remote.folder.resolve("policy"));
        remote.commit("policy/README.md", "nothing else");
        refused(source, "found no *.yaml file");
    }

    @Test
    void followsARewrittenHistoryAndSaysSo() throws Exception {
        String base = remote.commit("policy/a.yaml", "a: 1");
        String dropped = remote.commit("policy/a.yaml", "a: 2");
        source.read();
        remote.git.reset().setMode(ResetType.HARD).setRef(base).call();
        String rewritten = remote.commit("policy/a.yaml", "a: 3");
        PolicyFiles files = source.read();
        assertThat(files.revision()).isEqualTo(rewritten);
        assertThat(files.notice()).isEqualTo("history was rewritten: " + dropped + " is not part of " + rewritten);
        assertThat(source.read().notice()).isEmpty();
        remote.git.reset().setMode(ResetType.HARD).setRef(base).call();
        assertThat(source.read().revision()).isEqualTo(base);
    }

    @Test
    void saysThatTheServerCannotBeReached() throws Exception {
        try (Socket taken = new Socket()) { // nobody listens there, and nobody else can
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            String url = "http://127.0.0.1:" + taken.getLocalPort() + "/p.git";
            String nowhere = folder.resolve("none").toUri().toString();
            try (GitSource http = new GitSource(GitSettings.of(url, "main", ""));
                    GitSource file = new GitSource(GitSettings.of(nowhere, "main", ""))) {
                refused(http, "cannot be reached");
                refused(file, "cannot be reached");
            }
        }
    }

    @Test
    void refusesLinksThatItWouldNotFollow() throws Exception {
        remote.commit("policy/a.yaml", "a: 1");
        Files.createSymbolicLink(remote.folder.resolve("policy/link"), Path.of("../elsewhere"));
        remote.commit();
        refused(source, ": link is a symbolic link");
    }

    @Test
    void keepsObjectsInTheCacheItIsGiven() throws Exception {
        String commit = remote.commit("policy/a.yaml", "a: 1");
        Path cache = folder.resolve("cache");
        GitSettings settings = new GitSettings(
                remote.url(),
                "main",
                "policy",
                GitSettings.POLL,
                GitSettings.TIMEOUT,
                Optional.of(cache),
                new GitCredentials.None());
        for (int start = 0; start < 2; start++) {
            try (GitSource cached = new GitSource(settings)) {
                assertThat(cached.read().revision()).isEqualTo(commit);
            }
        }
        try (Git git = Git.open(cache.resolve("objects.git").toFile())) {
            assertThat(git.getRepository().resolve(commit)).isNotNull();
        }
    }

    @Test
    void refusesSettingsThatCannotBeMeant() {
        assertThatThrownBy(() -> GitSettings.of("https://user:secret@git.example/p.git", "main", ""))
                .hasMessageContaining("password")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> GitSettings.of("x", "main", "").withPoll(Duration.ofMillis(10)))
                .hasMessageContaining("expected at least PT0.2S");
    }
}
