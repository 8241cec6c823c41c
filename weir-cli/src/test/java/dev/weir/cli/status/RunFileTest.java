package dev.weir.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.status.RunFile.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path home;

    @Test
    void isFoundWhileItsProcessRuns() {
        Path folder = home.resolve("run");
        Running own = new Running(
                ProcessHandle.current().pid(), "demo", "http://127.0.0.1:9190", "http://127.0.0.1:9191", NOW);
        RunFile file = RunFile.write(folder, own);
        assertThat(RunFile.running(folder)).containsExactly(own);
        Running seeing = Running.here("demo", own.admin(), "http://127.0.0.1:9999", NOW);
        file.rewrite(seeing);
        assertThat(RunFile.running(folder)).containsExactly(seeing);
        file.close();
        file.rewrite(seeing);
        assertThat(RunFile.running(folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileOfAProcessThatIsGoneIsTakenAway() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        RunFile.write(home, new Running(gone.pid(), "up", "http://127.0.0.1:1", "", NOW));
        assertThat(RunFile.running(home)).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void whatIsNoRunFileIsPassedOver() throws IOException {
        Files.writeString(home.resolve("1.json"), "{}");
        Files.writeString(home.resolve("2.json"), "nonsense");
        assertThat(RunFile.running(home)).isEmpty();
        assertThat(RunFile.running(home.resolve("nowhere"))).isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFailure() throws IOException {
        Path notAFolder = Files.writeString(home.resolve("file"), "");
        RunFile.write(notAFolder, new Running(1, "up", "http://127.0.0.1:1", "", NOW))
                .close();
        assertThat(notAFolder).isRegularFile();
    }
}
