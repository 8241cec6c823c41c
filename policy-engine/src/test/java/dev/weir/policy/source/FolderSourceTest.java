package dev.weir.policy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {
    private static final Duration NEVER = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private FolderSource source;

    @BeforeEach
    void open() throws Exception {
        source = new FolderSource(folder, NEVER);
    }

    @AfterEach
    void close() {
        source.close();
    }

    private List<String> paths() throws SourceException {
        return source.read().files().stream().map(PolicyFile::path).toList();
    }

    private void refused(String message) {
        assertThatThrownBy(source::read).isInstanceOf(SourceException.class).hasMessageContaining(message);
    }

    @Test
    void readsYamlFilesInFoldersAndLeavesTheRestOut() throws Exception {
        Files.createDirectories(folder.resolve("team/a"));
        Files.createDirectories(folder.resolve(".git"));
        Files.writeString(folder.resolve("team/a/orders.yml"), "a: 1");
        Files.writeString(folder.resolve("mesh.yaml"), "a: 1");
        Files.writeString(folder.resolve("README.md"), "no policy");
        Files.writeString(folder.resolve(".mesh.yaml.swp"), "no policy");
        Files.writeString(folder.resolve(".hidden.yaml"), "no policy");
        Files.writeString(folder.resolve(".git/config.yaml"), "no policy");
        assertThat(paths()).containsExactly("mesh.yaml", "team/a/orders.yml");
    }

    @Test
    void revisionIsThatOfTheContentsAlone() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), "a: 1");
        String first = source.read().revision();
        assertThat(first).matches("sha256:[0-9a-f]{64}");
        Files.writeString(folder.resolve("a.yaml"), "a: 2");
        assertThat(source.read().revision()).isNotEqualTo(first);
        Files.writeString(folder.resolve("a.yaml"), "a: 1");
        assertThat(source.read().revision()).isEqualTo(first);
        Files.move(folder.resolve("a.yaml"), folder.resolve("b.yaml"));
        assertThat(source.read().revision()).isNotEqualTo(first);
    }

    @Test
    void noticesAFileReplacedAtomicallyAndOneInANewFolder() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), "a: 1");
        source.read();
        Path written = Files.writeString(folder.resolve(".a.yaml.tmp"), "a: 2");
        Files.move(written, folder.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
        source.awaitChange(Duration.ofSeconds(30));
        assertThat(new String(source.read().files().get(0).content())).isEqualTo("a: 2");
        Files.createDirectory(folder.resolve("new"));
        source.awaitChange(Duration.ofSeconds(30));
        source.read();
        Files.writeString(folder.resolve("new/b.yaml"), "b: 1");
        source.awaitChange(Duration.ofSeconds(30));
        assertThat(paths()).containsExactly("a.yaml", "new/b.yaml");
    }

    @Test
    void saysThatTheFolderIsEmptyMissingOrAFile() throws Exception {
        refused("found no *.yaml file");
        Path file = Files.writeString(folder.resolve("file"), "x");
        for (Path missing : List.of(folder.resolve("missing"), file)) {
            try (FolderSource other = new FolderSource(missing, NEVER)) {
                assertThatThrownBy(other::read)
                        .isInstanceOf(SourceException.class)
                        .hasMessageContaining("expected a folder");
            }
        }
    }

    @Test
    void followsLinksAsKubernetesMakesThemAndNoOthers(@TempDir Path elsewhere) throws Exception {
        Path data = Files.createDirectory(folder.resolve("..2026_01_01"));
        Files.writeString(data.resolve("orders.yaml"), "a: 1");
        Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
        Files.createSymbolicLink(folder.resolve("orders.yaml"), Path.of("..data/orders.yaml"));
        assertThat(paths()).containsExactly("orders.yaml");

        Path outside = Files.writeString(elsewhere.resolve("outside.yaml"), "a: 1");
        Path link = Files.createSymbolicLink(folder.resolve("outside.yaml"), outside);
        refused("outside.yaml is a symbolic link that leads out of the folder");
        Files.delete(link);
        Files.createSymbolicLink(folder.resolve("team"), elsewhere);
        refused("team is a symbolic link to a folder");
    }

    @Test
    void aFileTooLargeIsAMistakeInThatFile() throws Exception {
        Files.write(folder.resolve("big.yaml"), new byte[YamlFile.BYTES_MAX + 10]);
        assertThat(PolicyBuild.of(source.read(), Instant.EPOCH).problems())
                .singleElement()
                .asString()
                .startsWith("big.yaml: file is too large");
    }
}
