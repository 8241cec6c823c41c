package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    private Path parent;

    @Test
    void aFolderForOneRunIsGoneAtItsEnd() throws IOException {
        Path path;
        try (StateFolder folder = StateFolder.forOneRun(parent)) {
            path = folder.path();
            Files.writeString(
                    Files.createDirectories(path.resolve("0_1/rocksdb")).resolve("000001.sst"), "x");
        }
        assertThat(path).doesNotExist();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void theOneThatIsConfiguredStays() throws IOException {
        Path configured = parent.resolve("a/b");
        try (StateFolder folder = StateFolder.open(Optional.of(configured))) {
            Files.writeString(folder.path().resolve("kept"), "x");
        }
        assertThat(configured.resolve("kept")).exists();
    }

    @Test
    void whatWasLeftBehindGoesAndWhatIsUsedStays() throws IOException {
        Path left = Files.createDirectory(parent.resolve("topology-of-a-process-that-was-killed"));
        Files.writeString(left.resolve("weir.lock"), "");
        Path beingMade = Files.createDirectory(parent.resolve("topology-being-made"));
        Path other = Files.createDirectory(parent.resolve("somebody-elses"));
        Files.writeString(other.resolve("weir.lock"), "");
        try (StateFolder used = StateFolder.forOneRun(parent);
                StateFolder second = StateFolder.forOneRun(parent)) {
            assertThat(left).doesNotExist();
            assertThat(used.path()).exists().isNotEqualTo(second.path());
        }
        assertThat(beingMade).exists();
        assertThat(other).exists();
    }

    @Test
    void systemdSaysWhereElseTheUserElseItIsInTheHomeFolder() {
        Path home = Path.of("/home/me");
        assertThat(StateFolder.parent(Map.of("STATE_DIRECTORY", "/var/lib/weir:/x", "XDG_STATE_HOME", "/s"), home))
                .isEqualTo(Path.of("/var/lib/weir"));
        assertThat(StateFolder.parent(Map.of("XDG_STATE_HOME", "/s"), home)).isEqualTo(Path.of("/s/weir"));
        assertThat(StateFolder.parent(Map.of(), home)).isEqualTo(Path.of("/home/me/.weir/state"));
    }
}
