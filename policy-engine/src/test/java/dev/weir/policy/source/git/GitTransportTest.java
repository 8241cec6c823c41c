package dev.weir.policy.source.git;

import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.store.PolicyStatus.State;
import dev.weir.policy.store.PolicyStore;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policy over the ways on which Git is reached: local, HTTP with a password, SSH with a key. */
class GitTransportTest {
    private static final String ALLOW =
            service("alice") + topicAccess("t", "id: r, allow: [consume], services: [alice]");

    @TempDir
    Path folder;

    private GitRepositories remote;
    private String commit = "";

    @BeforeEach
    void init() throws Exception {
        remote = GitRepositories.init(folder.resolve("remote"));
        commit = remote.commit("policy/p.yaml", ALLOW);
    }

    @AfterEach
    void close() {
        remote.close();
    }

    private static GitSource open(String url, GitCredentials credentials) throws SourceException {
        return new GitSource(new GitSettings(
                url, "main", "policy", GitSettings.POLL, GitSettings.TIMEOUT, Optional.empty(), credentials));
    }

    @Test
    void httpWithAPasswordThatIsRenewedInPlace() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "wrong\n");
        try (GitServer server = new GitServer(remote.git.getRepository(), "weir", "right");
                GitSource source = open(server.url(), new GitCredentials.Password("weir", secret));
                GitSource nobody = open(server.url(), new GitCredentials.None())) {
            assertThatThrownBy(source::read)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageNotContaining("wrong");
            assertThatThrownBy(nobody::read).isInstanceOf(SourceException.class);
            Files.writeString(secret, "right\n");
            assertThat(source.read().revision()).isEqualTo(commit);
            String next = remote.commit("policy/p.yaml", ALLOW + "# changed\n");
            assertThat(source.read().revision()).isEqualTo(next);
        }
    }

    @Test
    void sshWithAKeyToAServerThatIsKnown() throws Exception {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(256);
        KeyPair host = keys.generateKeyPair();
        KeyPair client = keys.generateKeyPair();
        Path privateKey = folder.resolve("id");
        try (OutputStream out = Files.newOutputStream(privateKey)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(client, "weir", null, out);
        }
        Path knownHosts = Files.createFile(folder.resolve("known_hosts"));
        GitCredentials credentials = new GitCredentials.SshKey(privateKey, knownHosts);
        try (GitSshServer server = new GitSshServer(remote.git.getRepository(), host, client.getPublic())) {
            try (GitSource stranger = open(server.url(), credentials)) {
                assertThatThrownBy(stranger::read).isInstanceOf(SourceException.class);
            }
            Files.writeString(knownHosts, server.knownHost());
            try (GitSource source = open(server.url(), credentials)) {
                assertThat(source.read().revision()).isEqualTo(commit);
            }
        }
    }

    @Test
    void aCommitReachesOpenConnectionsWithinASecondAndAnOutageChangesNothing() throws Exception {
        GitSettings settings = GitSettings.of(remote.url(), "main", "policy").withPoll(Duration.ofMillis(200));
        try (PolicyStore store = new PolicyStore(new GitSource(settings), Clock.systemUTC())) {
            store.start();
            assertThat(mayRead(store)).isTrue();
            assertThat(store.status().revision()).isEqualTo(commit);

            String revoked = remote.commit("policy/p.yaml", ALLOW.replace("allow:", "deny:"));
            await().atMost(Duration.ofSeconds(30)).until(() -> !mayRead(store));
            await().until(() -> store.status().revision().equals(revoked)); // told once it is in force

            Path away = folder.resolve("away");
            Files.move(remote.folder, away);
            // one that was being read when it went away fails in another way
            await().until(() -> store.status().error().contains("cannot be reached"));
            assertThat(store.status().state()).isEqualTo(State.UNREADABLE);
            assertThat(store.status().revision()).isEqualTo(revoked);
            assertThat(mayRead(store)).isFalse();

            Files.move(away, remote.folder);
            await().until(() -> store.status().state() == State.IN_SYNC);
            remote.commit("policy/p.yaml", "broken: [");
            await().until(() -> store.status().state() == State.REFUSED);
            assertThat(store.status().revision()).isEqualTo(revoked);
            remote.commit("policy/p.yaml", ALLOW);
            await().until(() -> mayRead(store));
        }
    }

    private static boolean mayRead(PolicyStore store) {
        return store.current()
                .authorizer(user("alice"), "")
                .decide(ResourceType.TOPIC, "orders", Operation.READ)
                .passes();
    }
}
