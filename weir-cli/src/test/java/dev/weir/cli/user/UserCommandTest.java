package dev.weir.cli.user;

import static dev.weir.cli.CommandLineHarness.weir;
import static dev.weir.cli.CommandLineHarness.weirWithInput;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.UsersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
    void aNewPasswordCountsForEveryMechanismThatAUserHas() throws IOException {
        Result added = weirWithInput(
                "first\n", "user", "add", "--mechanism", "PLAIN,SCRAM-SHA-512", file.toString(), "checkout");
        assertThat(added.out()).isEqualTo("added checkout in " + file + "\n");
        UsersFile users = UsersFile.open(file);
        assertThat(users.mechanisms("checkout")).containsExactlyInAnyOrder(Mechanism.PLAIN, Mechanism.SCRAM_SHA_512);
        List<String> before = Files.readAllLines(file);
        assertThat(UsersFile.hasDecoyKey(before)).isTrue();

        weirWithInput("second\n", "user", "add", file.toString(), "checkout");

        List<String> after = Files.readAllLines(file);
        assertThat(after).hasSameSizeAs(before);
        assertThat(after.stream().filter(line -> line.startsWith("checkout:")))
                .hasSize(2)
                .doesNotContainAnyElementsOf(before);
        assertThat(UsersFile.open(file).verify("checkout", "second")).isTrue();
        assertThat(weirWithInput("x\n", "user", "add", "--mechanism", "GSSAPI", file.toString(), "a")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void removesAUserAndNobodyElse() throws IOException {
        add("a", "one");
        add("a:b", "two");
        assertThat(weir("user", "remove", file.toString(), "a").out()).isEqualTo("removed a from " + file + "\n");
        assertThat(UsersFile.open(file).verify("a:b", "two")).isTrue();
        assertThat(UsersFile.open(file).mechanisms("a")).isEmpty();
        Result again = weir("user", "remove", file.toString(), "a");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("there is no user \"a\" in " + file);
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
        assertThat(weir("user").err()).startsWith("Missing required subcommand: add, remove or hash");
    }

    private Result add(String name, String password) {
        return weirWithInput(password + "\n", "user", "add", "--iterations", "10000", file.toString(), name);
    }
}
