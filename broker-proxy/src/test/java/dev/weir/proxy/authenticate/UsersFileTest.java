package dev.weir.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mesh.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {
    private static final String CHECKOUT = hash("checkout-secret");
    private static final String PAYMENTS = hash("payments-secret");
    private static final String SCRAM = ScramKeys.create(
                    Mechanism.SCRAM_SHA_256, "checkout-secret", ScramKeys.ITERATIONS_MIN)
            .encoded();

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
                        "shipping:pbkdf2-sha256$1$AAAAAAAAAAA=$AAAA",
                        "spiffe://shop/returns:pass:word"));

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
                        file + ":6:10: user \"shipping\": 1 iterations; expected 10000 to 2000000",
                        file + ":7:28: user \"spiffe://shop/returns:...\": not a password hash;"
                                + " expected pbkdf2-sha256$ITERATIONS$SALT$HASH"));
    }

    static Stream<Arguments> namesOfNobody() {
        String reserved = "no user can have this name: ";
        String unseen = reserved + "the name has a control character, or one that cannot be seen";
        String length = "a user needs a name of 1 to 256 characters, without blanks around";
        return Stream.of(
                Arguments.of("*", reserved + "the name * stands for everybody"),
                Arguments.of("anonymous", reserved + "the name is that of clients without credentials"),
                Arguments.of("ANONYMOUS", reserved + "the name is that of clients without credentials"),
                Arguments.of("shop\0admin", unseen),
                Arguments.of("shop\u200b", unseen),
                Arguments.of("shop\u202epohs", unseen),
                Arguments.of("shop\u2028admin", unseen),
                Arguments.of(" shop", length),
                Arguments.of("shop ", length),
                Arguments.of("x".repeat(257), length));
    }

    @ParameterizedTest
    @MethodSource("namesOfNobody")
    void refusesNamesThatMeanSomethingElseSomewhere(String name, String problem) throws IOException {
        for (String secret : List.of(CHECKOUT, SCRAM)) {
            Files.writeString(file, "checkout:" + CHECKOUT + "\n" + name + ":" + secret + "\n");
            assertThat(UsersFile.check(file)).singleElement().hasToString(file + ":2:1: " + problem);
        }
    }

    /** A name in two lines is two lines, the first of which is no user. */
    @Test
    void aLineBreakEndsAName() throws IOException {
        Files.writeString(file, "shop\nadmin:" + CHECKOUT + "\n");
        assertThat(UsersFile.check(file)).singleElement().asString().startsWith(file + ":1:1: not a user;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spiffe://a/b", "../shop", "CN=shop,O=a", "team:shop", "a*", "größe"})
    void takesAnyOtherNameAsItIs(String name) throws IOException {
        Files.writeString(file, name + ":" + CHECKOUT + "\n" + "x".repeat(256) + ":" + PAYMENTS + "\n");
        UsersFile users = UsersFile.open(file);
        assertThat(users.verify(name, "checkout-secret")).isTrue();
        assertThat(users.verify(name.toUpperCase(Locale.ROOT), "checkout-secret"))
                .isFalse();
        assertThat(users.verify("x".repeat(256), "payments-secret")).isTrue();
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
