package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as an installed Weir has it: beside a folder of jars, with nothing to be built. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of("../weir");
    private static final Path JARS = Path.of("target/dist/lib");

    @TempDir
    private static Path folder;

    private static Path installed;

    @BeforeAll
    static void install() throws IOException {
        installed = Files.createDirectories(folder.resolve("opt/weir"));
        Files.copy(LAUNCHER, installed.resolve("weir"));
        Files.createSymbolicLink(installed.resolve("lib"), JARS.toAbsolutePath());
    }

    @Test
    void runsFromAnywhereAndThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("weir"), Path.of("opt/weir/weir"));
        Ran ran = run(Map.of(), link.toString(), "version");
        assertThat(ran.output()).startsWith("weir " + WeirVersion.current() + "\nJava ");
        assertThat(ran.exitCode()).isZero();
    }

    @Test
    void keepsTheExitCode() throws Exception {
        Ran ran = run(Map.of(), installed.resolve("weir").toString(), "fly");
        assertThat(ran.output()).startsWith("Unmatched argument at index 0: 'fly'");
        assertThat(ran.exitCode()).isEqualTo(2);
    }

    @Test
    void saysWhatIsWrongWithTheJavaThatWasAskedFor() throws Exception {
        Ran ran = run(
                Map.of("WEIR_JAVA_HOME", "/nowhere"), installed.resolve("weir").toString(), "version");
        assertThat(ran.output()).startsWith("weir: WEIR_JAVA_HOME=/nowhere is no Java 17 or later");
        assertThat(ran.exitCode()).isEqualTo(2);
    }

    @Test
    void givesTheJvmFurtherOptions() throws Exception {
        Ran ran = run(
                Map.of("WEIR_JAVA_OPTS", "-showversion -Xmx64m"),
                installed.resolve("weir").toString(),
                "version");
        assertThat(ran.output()).contains("Runtime Environment", "weir " + WeirVersion.current());
    }

    @Test
    void archivesTheClassesOfAStartAndPassesOverAnArchiveThatDoesNotFit() throws Exception {
        String weir = installed.resolve("weir").toString();
        Ran archived = run(Map.of(), weir, "archive");
        assertThat(archived.output()).isEmpty();
        assertThat(archived.exitCode()).isZero();
        Path archive = archive();

        Ran shared = run(Map.of("WEIR_JAVA_OPTS", "-Xlog:class+load"), weir, "version");
        assertThat(shared.output()).contains("dev.weir.cli.Main source: shared objects file (top)");

        Files.delete(archive);
        Files.writeString(archive, "not an archive");
        Ran plain = run(Map.of(), weir, "version");
        assertThat(plain.output()).startsWith("weir " + WeirVersion.current() + "\nJava ");
        assertThat(plain.exitCode()).isZero();
    }

    private static Path archive() throws IOException {
        try (Stream<Path> files = Files.list(installed)) {
            return files.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private record Ran(int exitCode, String output) {}

    private static Ran run(Map<String, String> environment, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("sh"));
        all.addAll(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }
}
