package dev.weir.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {
    private static final String CHECKOUT = hash("checkout-secret");
    private static final String PAYMENTS = hash("payments-secret");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("users.txt");
    }

    @Test
    void verifiesUsersByPassword() throws IOException {
        Files.writeString(
                file, "# who may come\n\ncheckout:" + CHECKOUT + "\nspiffe://shop/payments:" + PAYMENTS + "\n");
        UsersFile users = UsersFile.open(file);

        assertThat(users.verify("checkout", "checkout-secret")).isTrue();
        assertThat(users.verify("checkout", "checkout-secret"))
                .as("by the short cut")
                .isTrue();
        assertThat(users.verify("checkout", "payments-secret")).isFalse();
        assertThat(users.verify("checkout", "")).isFalse();
        assertThat(users.verify("nobody", "checkout-secret")).isFalse();
        assertThat(users.verify("spiffe://shop/payments", "payments-secret")).isTrue();
    }

    @Test
    void reportsAllMistakesWithTheirLines() throws IOException {
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "checkout:" + CHECKOUT,
                        "payments",
                        ":" + PAYMENTS,
                        "fraud:plain-password",
                        "checkout:" + PAYMENTS,
                        "shipping:pbkdf2-sha256$1$AAAAAAAAAAA=$AAAA"));

        assertThatThrownBy(() -> UsersFile.open(file))
                .isInstanceOf(InvalidUsersFileException.class)
                .hasMessage(String.join(
                        "\n",
                        file + ":2:1: not a user; expected NAME:pbkdf2-sha256$ITERATIONS$SALT$HASH"
                                + " (weir user hash makes one)",
                        file + ":3:1: a user needs a name of 1 to 256 characters, without blanks around",
                        file + ":4:7: user \"fraud\": not a password hash;"
                                + " expected pbkdf2-sha256$ITERATIONS$SALT$HASH",
                        file + ":5:1: user \"checkout\" is already in line 1",
                        file + ":6:10: user \"shipping\": 1 iterations; expected 10000 to 2000000"));
    }

    @Test
    void aMissingFileIsAMistakeToo() {
        assertThat(UsersFile.check(file))
                .singleElement()
                .hasToString(file + ": users file does not exist (weir user add makes one)");
    }

    @Test
    void takesUpAChangedFile() throws IOException {
        Files.writeString(file, "checkout:" + CHECKOUT + "\n");
        UsersFile users = UsersFile.open(file);

        change("payments:" + PAYMENTS + "\n");
        users.refresh();

        assertThat(users.verify("checkout", "checkout-secret")).isFalse();
        assertThat(users.verify("payments", "payments-secret")).isTrue();
    }

    @Test
    void keepsTheUsersWhenTheFileBecomesWrongOrGoesAway() throws IOException {
        Files.writeString(file, "checkout:" + CHECKOUT + "\n");
        UsersFile users = UsersFile.open(file);

        change("checkout:oops\n");
        users.refresh();
        assertThat(users.verify("checkout", "checkout-secret")).isTrue();
        assertThat(users.problems()).hasSize(1);

        Files.delete(file);
        users.refresh();
        assertThat(users.verify("checkout", "checkout-secret")).isTrue();
        assertThat(users.problems()).hasSize(1);

        change("checkout:" + PAYMENTS + "\n");
        users.refresh();
        assertThat(users.verify("checkout", "payments-secret")).isTrue();
        assertThat(users.problems()).isEmpty();
    }

    private void change(String content) throws IOException {
        Files.writeString(file, content);
        // a file system's clock may be coarser than the test is quick
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    private static String hash(String password) {
        return PasswordHash.create(password, PasswordHash.ITERATIONS_MIN).encoded();
    }
}
