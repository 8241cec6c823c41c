package dev.weir.proxy.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void write() throws IOException {
        first = Files.writeString(folder.resolve("first"), "a1");
        second = Files.writeString(folder.resolve("second"), "b1");
    }

    private Reloading<String> open() throws UnusableFileException {
        return Reloading.open("test", List.of(first, second), (contents, renewal) -> {
            String one = new String(contents.get(0), StandardCharsets.UTF_8);
            String two = new String(contents.get(1), StandardCharsets.UTF_8);
            if (!one.substring(1).equals(two.substring(1))) {
                throw new UnusableFileException("they do not belong together");
            }
            return one + two + (renewal ? " again" : "");
        });
    }

    @Test
    void takesWhatTwoLooksFindTheSame() throws Exception {
        Reloading<String> reloading = open();
        assertThat(reloading.current()).isEqualTo("a1b1");
        assertThat(reloading.check()).isFalse();

        Files.writeString(first, "a2");
        assertThat(reloading.check()).isFalse();
        Files.writeString(second, "b2");
        assertThat(reloading.check()).isFalse();
        assertThat(reloading.problem()).isNull();
        assertThat(reloading.check()).isTrue();
        assertThat(reloading.current()).isEqualTo("a2b2 again");
        assertThat(reloading.check()).isFalse();
    }

    @Test
    void keepsWhatItHasWhileTheFilesAreOfNoUse() throws Exception {
        Reloading<String> reloading = open();
        Files.writeString(first, "a2");
        reloading.check();
        assertThat(reloading.check()).isFalse();
        assertThat(reloading.problem()).isEqualTo("they do not belong together");
        assertThat(reloading.current()).isEqualTo("a1b1");

        Files.delete(second);
        reloading.check();
        reloading.check();
        assertThat(reloading.problem()).isEqualTo("second does not exist");

        Files.writeString(second, "b2");
        reloading.check();
        assertThat(reloading.check()).isTrue();
        assertThat(reloading.problem()).isNull();
        assertThat(reloading.current()).isEqualTo("a2b2 again");
    }

    @Test
    void forgetsAProblemWhenTheOldFilesAreBack() throws Exception {
        Reloading<String> reloading = open();
        Files.writeString(first, "a2");
        reloading.check();
        reloading.check();
        assertThat(reloading.problem()).isNotNull();
        Files.writeString(first, "a1");
        assertThat(reloading.check()).isFalse();
        assertThat(reloading.problem()).isNull();
        assertThat(reloading.current()).isEqualTo("a1b1");
    }

    @Test
    void aProblemThatPassesByItselfIsFoundToHavePassed() throws Exception {
        boolean[] ready = {true};
        Reloading<String> reloading = Reloading.open("test", List.of(first), (contents, renewal) -> {
            if (!ready[0]) {
                throw new UnusableFileException("not yet");
            }
            return new String(contents.get(0), StandardCharsets.UTF_8);
        });
        ready[0] = false;
        Files.writeString(first, "a2");
        reloading.check();
        reloading.check();
        assertThat(reloading.problem()).isEqualTo("not yet");
        ready[0] = true;
        assertThat(reloading.check()).isTrue();
        assertThat(reloading.current()).isEqualTo("a2");
    }

    @Test
    void hasABoundAndNeedsSomethingToBeginWith() throws IOException {
        Files.write(first, new byte[(1 << 20) + 1]);
        assertThatThrownBy(this::open).hasMessageContaining("first is larger than");
        Files.delete(first);
        assertThatThrownBy(this::open).hasMessage("first does not exist");
    }
}
