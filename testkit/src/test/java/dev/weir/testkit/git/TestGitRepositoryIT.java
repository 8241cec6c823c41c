package dev.weir.testkit.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestGitRepositoryIT {

    @TempDir
    private Path dir;

    @Test
    void clonesSeeWhatWasCommitted() throws Exception {
        try (TestGitRepository repository = TestGitRepository.init(dir.resolve("a repository"))) {
            String first = repository.commit("one", Map.of("policy/shop.yaml", "a: 1\n", "readme", "r\n"));
            String second = repository.commit("two", Map.of("policy/shop.yaml", "a: 2\n"));
            assertThat(repository.head()).isEqualTo(second).isNotEqualTo(first);
            assertThat(repository.url()).startsWith("file:///");

            Path clone = dir.resolve("clone");
            try (Git git = Git.cloneRepository()
                    .setURI(repository.url())
                    .setDirectory(clone.toFile())
                    .call()) {
                assertThat(clone.resolve("policy/shop.yaml")).hasContent("a: 2\n");

                String rewritten = repository.amend("other two", Map.of("policy/shop.yaml", "a: 3\n"));
                git.fetch().setForceUpdate(true).call();
                assertThat(git.getRepository().resolve("origin/main").name()).isEqualTo(rewritten);
            }
        }
    }

    @Test
    void historyMovesAsTold() {
        try (TestGitRepository repository = TestGitRepository.init(dir.resolve("moving"))) {
            String first = repository.commit("one", Map.of("a", "1", "b", "1"));
            repository.delete("without b", List.of("b"));
            assertThat(repository.dir().resolve("b")).doesNotExist();
            repository.checkoutNewBranch("trial");
            String trial = repository.commit("three", Map.of("a", "3"));
            repository.checkout("main");
            assertThat(repository.dir().resolve("a")).hasContent("1");
            repository.resetTo(trial);
            assertThat(repository.dir().resolve("a")).hasContent("3");
            repository.resetTo(first);
            assertThat(repository.dir().resolve("b")).exists();
            repository.deleteBranch("trial");
            assertThatThrownBy(() -> repository.checkout("trial")).hasMessageContaining("trial");
        }
    }

    @Test
    void aLostRepositoryIsGone() {
        TestGitRepository repository = TestGitRepository.init(dir.resolve("lost"));
        assertThatThrownBy(repository::head).hasMessageContaining("no commit");
        repository.commit("one", Map.of("a", "1"));
        repository.deleteRepository();
        assertThat(Files.exists(repository.dir())).isFalse();
    }
}
