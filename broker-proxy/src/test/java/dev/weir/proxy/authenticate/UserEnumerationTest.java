package dev.weir.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who is refused cannot tell by the time of it whether the user exists: the same is computed either way. How long that takes
 * is measured by {@code weir bench users}.
 */
class UserEnumerationTest {
    private static final int ITERATIONS = PasswordHash.ITERATIONS_MIN;
    private static final int SCRAM_ITERATIONS = ScramKeys.ITERATIONS_MIN;
    private static final String KNOWN = "checkout";
    private static final String UNKNOWN = "visitors";

    @TempDir
    private Path folder;

    private UsersFile users;
    private CountedCryptography cryptography;

    @BeforeEach
    void start() throws Exception {
        Path file = folder.resolve("users.txt");
        Files.write(
                file,
                List.of(
                        KNOWN + ":" + PasswordHash.create("right", ITERATIONS).encoded(),
                        KNOWN + ":" + keys(Mechanism.SCRAM_SHA_256),
                        KNOWN + ":" + keys(Mechanism.SCRAM_SHA_512)));
        users = UsersFile.open(file);
        cryptography = CountedCryptography.install();
    }

    private static String keys(Mechanism mechanism) {
        return ScramKeys.create(mechanism, "right", SCRAM_ITERATIONS).encoded();
    }

    @AfterEach
    void stop() {
        cryptography.close();
    }

    @Test
    void aWrongPasswordCostsTheSameWhoeverIsNamed() {
        List<String> known =
                cryptography.of(() -> assertThat(users.verify(KNOWN, "wrong")).isFalse());
        List<String> unknown =
                cryptography.of(() -> assertThat(users.verify(UNKNOWN, "wrong")).isFalse());

        assertThat(known).contains("PBKDF2, " + ITERATIONS + " iterations, salt of 16");
        assertThat(unknown).isEqualTo(known);
    }

    /** Somebody has logged in with the right one before: that makes nothing quicker for others. */
    @Test
    void theShortCutForARightPasswordDoesNotShow() {
        assertThat(users.verify(KNOWN, "right")).isTrue();
        aWrongPasswordCostsTheSameWhoeverIsNamed();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SCRAM_SHA_256", "SCRAM_SHA_512"})
    void aWrongProofCostsTheSameWhoeverIsNamed(Mechanism mechanism) throws Exception {
        Attempt known = new Attempt(mechanism, KNOWN);
        Attempt unknown = new Attempt(mechanism, UNKNOWN);

        assertThat(known.first).isNotEmpty();
        assertThat(unknown.first).isEqualTo(known.first);
        assertThat(known.second).isNotEmpty();
        assertThat(unknown.second).isEqualTo(known.second);
        assertThat(unknown.shown)
                .as("what the client sees of salt and iterations")
                .isEqualTo(known.shown);
        assertThat(unknown.refusal).isEqualTo(known.refusal);
    }

    /** One log-in with a wrong proof. */
    private final class Attempt {
        private final List<String> first;
        private final List<String> second;
        private final String shown;
        private final SaslStep refusal;
        private SaslStep last = new SaslStep.Rejected(null, "");

        Attempt(Mechanism mechanism, String user) throws Exception {
            Subject peer = Subject.anonymous(true, InetAddress.getLoopbackAddress());
            SaslExchange exchange = new ScramExchange(mechanism, users, peer);
            first = cryptography.of(() -> next(exchange, "n,,n=" + user + ",r=nonce"));
            String challenge = new String(((SaslStep.Challenge) last).bytes(), StandardCharsets.UTF_8);
            String[] parts = challenge.split(",");
            shown = "a salt of " + Base64.getDecoder().decode(parts[1].substring(2)).length + ", " + parts[2];
            byte[] proof = new ScramFormatter(ScramKeys.kafkas(mechanism)).hash(new byte[0]);
            String encoded = Base64.getEncoder().encodeToString(proof);
            second = cryptography.of(() -> next(exchange, "c=biws," + parts[0] + ",p=" + encoded));
            refusal = last;
        }

        private void next(SaslExchange exchange, String message) {
            last = exchange.next(message.getBytes(StandardCharsets.UTF_8))
                    .toCompletableFuture()
                    .join();
        }
    }
}
