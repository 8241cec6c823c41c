package dev.weir.identity.vault;

import static dev.weir.identity.vault.VaultFixture.KAFKA;
import static dev.weir.identity.vault.VaultFixture.PASSWORD;
import static dev.weir.identity.vault.VaultFixture.SECOND;
import static dev.weir.identity.vault.VaultFixture.SECRET;
import static dev.weir.identity.vault.VaultFixture.SECRET_ID;
import static dev.weir.identity.vault.VaultFixture.assertFailure;
import static dev.weir.identity.vault.VaultFixture.assertSecretFree;
import static dev.weir.identity.vault.VaultFixture.failure;
import static dev.weir.identity.vault.VaultFixture.settings;
import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.testkit.vault.FakeVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Vault's real driver against a stand-in (see {@code dev.weir.testkit.vault}): no real Vault can be had here. What goes wrong
 * is what a stand-in is better at than the real one.
 */
class VaultFilesTest {
    @TempDir
    private Path folder;

    private VaultFixture fixture;
    private FakeVault vault;
    private ListAppender<ILoggingEvent> log;

    @BeforeEach
    void start() throws Exception {
        fixture = new VaultFixture(folder);
        vault = fixture.vault();
        vault.role("pki/sign/weir", name -> !name.contains("forbidden"), Duration.ofDays(1));
        log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.weir.identity");
        logger.setLevel(Level.TRACE);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        fixture.close();
        ((Logger) LoggerFactory.getLogger("dev.weir.identity")).detachAppender(log);
        assertThat(log.list)
                .allSatisfy(event -> assertSecretFree(event.getFormattedMessage() + event.getKeyValuePairs()));
    }

    @Test
    void theLogHasAnEndOnlyForWhatEnds() throws Exception {
        try (VaultFiles files = fixture.open(order(Duration.ofSeconds(6), "localhost"))) {
            files.file(PASSWORD);
            files.file(new VaultReference("listener", "certificate"));
            files.follow();
            vault.put(KAFKA, Map.of("password", "another"));
            awaitSettled().until(() -> !lines("taken anew from Vault", KAFKA).isEmpty());
            awaitSettled()
                    .until(() -> !lines("taken anew from Vault", "listener").isEmpty());
            vault.remove(KAFKA);
            awaitSettled()
                    .until(() -> !lines("cannot be had from Vault; what there is stays", KAFKA)
                            .isEmpty());
            assertThat(lines("taken anew from Vault", "listener"))
                    .allSatisfy(line -> assertThat(line).contains("until=\"20"));
            assertThat(lines("taken anew from Vault", KAFKA))
                    .allSatisfy(line -> assertThat(line).doesNotContain("until"));
            assertThat(lines("cannot be had from Vault; what there is stays", KAFKA))
                    .allSatisfy(line -> assertThat(line).contains("reason").doesNotContain("until"));
        }
    }

    /** The key-values of those lines that have a message and are about a secret. */
    private List<String> lines(String message, String secret) {
        List<ILoggingEvent> all;
        synchronized (log) { // as it appends
            all = List.copyOf(log.list);
        }
        return all.stream()
                .filter(event -> event.getMessage().equals(message))
                .map(event -> String.valueOf(event.getKeyValuePairs()))
                .filter(pairs -> pairs.contains("secret=\"" + secret + '"'))
                .toList();
    }

    private static CertificateOrder order(Duration lifetime, String... hosts) throws Exception {
        List<HostName> names = new ArrayList<>();
        for (String host : hosts) {
            names.add(HostName.of(host));
        }
        return new CertificateOrder("listener", "pki/weir", CertificateRequest.listener(names, lifetime));
    }

    @Test
    void secretsBecomeFilesThatFollowThem() throws Exception {
        Path root;
        try (VaultFiles files = fixture.open()) {
            Path password = files.file(PASSWORD);
            root = password.getParent().getParent();
            assertThat(password).hasContent(SECRET);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
            files.follow();
            vault.put(KAFKA, Map.of("username", "weir", "password", "another"));
            awaitSettled().until(() -> Files.readString(password).equals("another"));
            assertThat(files.status().items()).singleElement().satisfies(item -> {
                assertThat(item.name()).isEqualTo(KAFKA);
                assertThat(item.failures()).isZero();
                assertThat(item.until()).isNull();
            });
            assertSecretFree(files.status().toString());
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void nothingIsLostWhileVaultIsAway() throws Exception {
        try (VaultFiles files = fixture.open(order(Duration.ofMinutes(1), "localhost"))) {
            Path password = files.file(PASSWORD);
            Path certificate = files.file(new VaultReference("listener", "certificate"));
            files.follow();
            vault.stop();
            awaitSettled().until(() -> item(files, KAFKA).failures() > 0);
            assertThat(item(files, KAFKA).lastError()).contains("Vault at " + vault.address());
            assertThat(files.status().lastError()).isNotNull();
            assertThat(password).hasContent(SECRET);
            assertThat(certificate).exists();

            vault.put(KAFKA, Map.of("password", "after"));
            vault.restart();
            awaitSettled().until(() -> Files.readString(password).equals("after"));
            // the file is there a little before it is said to be
            awaitSettled().until(() -> item(files, KAFKA).failures() == 0);
            awaitSettled().until(() -> files.status().lastError() == null);

            vault.remove(KAFKA);
            awaitSettled().until(() -> item(files, KAFKA).failures() > 0);
            assertThat(item(files, KAFKA).lastError()).contains("has nothing there for reading " + KAFKA);
            assertThat(password).hasContent("after");
        }
    }

    private static VaultStatus.Item item(VaultFiles files, String name) {
        return files.status().items().stream()
                .filter(item -> item.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTokenIsRenewedAndReplacedBeforeAnybodyNotices() throws Exception {
        vault.appRole("short", SECRET_ID, Duration.ofSeconds(3), Duration.ofSeconds(6));
        VaultLogIn logIn = new VaultLogIn.AppRole("approle", "short", fixture.secretId());
        try (VaultFiles files = VaultFiles.open(settings(vault.address(), logIn, null), List.of(), null)) {
            files.file(PASSWORD);
            files.follow();
            awaitSettled().until(() -> vault.requests("auth/token/renew-self") >= 1);
            awaitSettled().until(() -> vault.requests("auth/approle/login") >= 2);
            int logIns = vault.requests("auth/approle/login");
            vault.revokeTokens();
            awaitSettled().until(() -> vault.requests("auth/approle/login") > logIns);
            vault.put(KAFKA, Map.of("password", "later"));
            awaitSettled().until(() -> Files.readString(files.file(PASSWORD)).equals("later"));
            awaitSettled().until(() -> files.status().lastError() == null);
        }
    }

    @Test
    void aTokenOfSomebodyElsesIsReadAnewFromItsFile() throws Exception {
        vault.token("hvs.first", Duration.ofHours(1), false);
        Path token = Files.writeString(folder.resolve("token"), "hvs.first\n");
        VaultSettings settings = settings(vault.address(), new VaultLogIn.TokenFile(token), null);
        try (VaultFiles files = VaultFiles.open(settings, List.of(), null)) {
            Path password = files.file(PASSWORD);
            files.follow();
            vault.revokeTokens();
            awaitSettled().until(() -> item(files, KAFKA).failures() > 0);
            assertThat(item(files, KAFKA).lastError()).contains("the token").doesNotContain("hvs.");
            vault.token("hvs.second");
            Files.writeString(token, "hvs.second\n");
            vault.put(KAFKA, Map.of("password", "second"));
            awaitSettled().until(() -> Files.readString(password).equals("second"));
        }
    }

    @Test
    void aKubernetesAccountLogsIn() throws Exception {
        vault.kubernetes("weir", "a.jwt", Duration.ofHours(1));
        Path jwt = Files.writeString(folder.resolve("jwt"), "a.jwt");
        VaultSettings settings = settings(vault.address(), new VaultLogIn.Kubernetes("kubernetes", "weir", jwt), null);
        try (VaultFiles files = VaultFiles.open(settings, List.of(), null)) {
            assertThat(files.file(PASSWORD)).hasContent(SECRET);
        }
        Files.writeString(jwt, "another.jwt");
        try (VaultFiles files = VaultFiles.open(settings, List.of(), null)) {
            assertThat(failure(files, PASSWORD).kind()).isEqualTo(Kind.LOG_IN);
        }
    }

    @Test
    void certificatesAreSignedHereAndRenewedAtTwoThirds() throws Exception {
        try (VaultFiles files = fixture.open(order(Duration.ofSeconds(6), "kafka.example", "127.0.0.1"))) {
            Path certificate = files.file(new VaultReference("listener", "certificate"));
            Path key = files.file(new VaultReference("listener", "key"));
            Path ca = files.file(new VaultReference("listener", "ca"));
            files.follow();
            X509Certificate first =
                    Pem.certificates(Files.readString(certificate)).get(0);
            assertThat(first.getSubjectAlternativeNames())
                    .containsExactlyInAnyOrder(List.of(2, "kafka.example"), List.of(7, "127.0.0.1"));
            assertThat(Pem.certificates(Files.readString(certificate))).hasSize(2); // with the one between
            assertThat(Pem.certificates(Files.readString(ca))).containsExactly(vault.root());
            assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY-----");

            awaitSettled()
                    .until(() -> !Pem.certificates(Files.readString(certificate))
                            .get(0)
                            .equals(first));
            awaitSettled()
                    .until(() -> item(files, "listener")
                            .until()
                            .isAfter(first.getNotAfter().toInstant()));
        }
    }

    @Test
    void aWorkloadsCertificateCarriesItsSpiffeId() throws Exception {
        SpiffeId id = SpiffeId.of(TrustDomain.of("shop"), "payments");
        CertificateRequest request = CertificateRequest.service(id, Duration.ofHours(1));
        assertThat(VaultFiles.issuer(fixture.settings(), "pki/weir")
                        .issue(request, KeyType.RSA_3072)
                        .certificate()
                        .getSubjectAlternativeNames())
                .containsExactly(List.of(6, id.uri()));
    }

    @Test
    void saysWhatVaultSays() throws Exception {
        try (VaultFiles files = fixture.open(order(Duration.ofHours(1), "forbidden.example"))) {
            assertFailure(
                    files,
                    new VaultReference(KAFKA, "pass"),
                    Kind.MISSING,
                    "no field \"pass\"; it has password, username");
            assertFailure(
                    files,
                    new VaultReference("kv/data/none", "a"),
                    Kind.MISSING,
                    "nothing there for reading kv/data/none");
            vault.deny(KAFKA);
            assertFailure(
                    files,
                    PASSWORD,
                    Kind.DENIED,
                    "Vault denies reading " + KAFKA + ": 1 error occurred: * permission denied");
            vault.allow(KAFKA);
            assertFailure(
                    files,
                    new VaultReference("listener", "key"),
                    Kind.INVALID,
                    "forbidden.example not allowed by this role");
            vault.fail(503);
            assertFailure(files, PASSWORD, Kind.UNAVAILABLE, "is sealed or not ready (503): Vault is sealed");
            vault.fail(429);
            assertFailure(files, PASSWORD, Kind.THROTTLED, "takes no more requests for now (429)");
            vault.fail(500);
            assertFailure(files, PASSWORD, Kind.UNAVAILABLE, "is in trouble (500): internal error");
            vault.fail(0);
            assertThat(files.file(PASSWORD)).hasContent(SECRET);
            vault.stop();
            assertFailure(
                    files, new VaultReference("kv/data/other", "a"), Kind.UNREACHABLE, "Vault at " + vault.address());
        }
        assertThatThrownBy(() -> fixture.open().file(new VaultReference("nobody", "key")))
                .hasMessage("no certificate of this name is ordered under vault.certificates");
    }

    @Test
    void aVaultThatHangsIsNotWaitedForLong() throws Exception {
        VaultSettings hasty = new VaultSettings(
                vault.address(), Optional.empty(), fixture.settings().logIn(), "", SECOND, SECOND);
        try (VaultFiles files = VaultFiles.open(hasty, List.of(), null)) {
            vault.hold();
            assertFailure(files, PASSWORD, Kind.UNREACHABLE, "does not answer within 1 s");
            vault.release();
        }
    }

    @Test
    void aFolderThatIsKeptStartsWithoutVault() throws Exception {
        Path kept = folder.resolve("kept");
        try (VaultFiles files = VaultFiles.open(fixture.settings(), List.of(), kept)) {
            files.file(PASSWORD);
        }
        vault.stop();
        try (VaultFiles files = VaultFiles.open(fixture.settings(), List.of(), kept)) {
            assertThat(files.file(PASSWORD)).hasContent(SECRET);
            assertThat(item(files, KAFKA).lastError()).contains("Vault at");
            assertThat(failure(files, new VaultReference(KAFKA, "username")).kind())
                    .isEqualTo(Kind.UNREACHABLE);
            files.follow();
            vault.put(KAFKA, Map.of("password", "new"));
            vault.restart();
            awaitSettled().until(() -> Files.readString(files.file(PASSWORD)).equals("new"));
        }
    }
}
