package dev.weir.canary.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Has Spin look at every interleaving of the model in {@code src/test/spin}. */
class ChangeModelTest {
    private static final Path MODEL = Path.of("src/test/spin/change.pml").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void noRecordIsGivenToBothSidesInAnyInterleaving() throws Exception {
        assertThat(check()).contains("errors: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO_FENCING", "EARLY_EVICTION", "NO_AGREEMENT", "EARLY_QUESTION", "EARLY_GOODBYE"})
    void withoutOneOfItsPrecautionsItIs(String sabotage) throws Exception {
        assertThat(check("-D" + sabotage))
                .contains("assertion violated ((served[0]&served[1])==0)")
                .contains("errors: 1");
    }

    @Test
    void withoutSeedsBeforeTheFirstChangeRecordsAreSkipped() throws Exception {
        assertThat(check("-DNO_SEEDS"))
                .contains("assertion violated  !((seeded&&(firstFence<seed)))")
                .contains("errors: 1");
    }

    private String check(String... definitions) throws Exception {
        String[] generate = new String[definitions.length + 3];
        generate[0] = "spin";
        generate[1] = "-a";
        System.arraycopy(definitions, 0, generate, 2, definitions.length);
        generate[generate.length - 1] = MODEL.toString();
        run(generate);
        run("cc", "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-DVECTORSZ=2048", "-o", "pan", "pan.c");
        // -E: to stand still is no error, -m: as deep as it goes
        return run("./pan", "-E", "-n", "-m100000", "-w22");
    }

    /** Runs a command to its end, and answers what it printed. */
    private String run(String... command) throws IOException, InterruptedException {
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            boolean ended = process.waitFor(10, TimeUnit.MINUTES);
            String text = Files.readString(printed, StandardCharsets.UTF_8);
            assertThat(ended).as(text).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
