package dev.weir.cli.user;

import static dev.weir.cli.CommandLineHarness.weir;
import static dev.weir.cli.CommandLineHarness.weirWithInput;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.UsersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCommandTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("users.txt");
    }

    @Test
    void addsUsersAndChangesPasswords() throws IOException {
        assertThat(add("checkout", "first").out()).isEqualTo("added checkout in " + file + "\n");
        add("payments", "other");
        assertThat(add("checkout", "second").out()).isEqualTo("new password for checkout in " + file + "\n");

        UsersFile users = UsersFile.open(file);
        assertThat(users.size()).isEqualTo(2);
        assertThat(users.verify("checkout", "second")).isTrue();
        assertThat(users.verify("checkout", "first")).isFalse();
        assertThat(users.verify("payments", "other")).isTrue();
        assertThat(Files.readString(file)).startsWith("# NAME:HASH").doesNotContain("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aUserWhoseNameBeginsLikeAnotherIsAnother() throws IOException {
        add("a", "one");
        add("a:b", "two");
        add("a", "three");
        UsersFile users = UsersFile.open(file);
        assertThat(users.verify("a:b", "two")).isTrue();
        assertThat(users.verify("a", "three")).isTrue();
    }

    @Test
    void doesNotTouchAFileThatHasMistakes() throws IOException {
        Files.writeString(file, "checkout:secret\n");
        Result result = add("payments", "other");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(file + ":1:10: user \"checkout\": not a password hash");
        assertThat(Files.readString(file)).isEqualTo("checkout:secret\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " a", "#a", "a\nb"})
    void refusesNamesThatTheFileCannotHold(String name) {
        assertThat(add(name, "secret").exitCode()).isEqualTo(2);
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesAnEmptyPassword() {
        assertThat(add("checkout", "").err()).isEqualTo("weir: the password is empty; nothing was changed.\n");
        assertThat(file).doesNotExist();
    }

    @Test
    void printsAHash() {
        Result result = weirWithInput("secret\n", "user", "hash", "--iterations", "10000");
        assertThat(result.exitCode()).isZero();
        assertThat(PasswordHash.parse(result.out().strip()).verify("secret")).isTrue();
        assertThat(weirWithInput("secret\n", "user", "hash", "--iterations", "1")
                        .err())
                .isEqualTo("weir: 1 iterations; expected 10000 to 2000000.\n");
    }

    @Test
    void wantsToBeToldWhatToDo() {
        assertThat(weir("user").exitCode()).isEqualTo(2);
        assertThat(weir("user").err()).startsWith("Missing required subcommand: add or hash");
    }

    private Result add(String name, String password) {
        return weirWithInput(password + "\n", "user", "add", "--iterations", "10000", file.toString(), name);
    }
}
