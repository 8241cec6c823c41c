package dev.weir.policy.source.git;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/** Gives Git's commands their timeout and credentials. Owns the SSH sessions. One thread. */
final class Transports implements AutoCloseable {
    private final GitSettings settings;
    private final Path home;
    private final List<SshdSessionFactory> sessions;

    /**
     * @param home a folder in place of the user's home, so that nothing of the user's SSH configuration counts
     */
    Transports(GitSettings settings, Path home) throws SourceException {
        this.settings = settings;
        this.home = home;
        this.sessions = settings.credentials() instanceof GitCredentials.SshKey key ? List.of(ssh(key)) : List.of();
    }

    <C extends TransportCommand<C, ?>> C prepared(C command) throws SourceException {
        command.setTimeout((int) settings.timeout().toSeconds());
        if (settings.credentials() instanceof GitCredentials.Password password) {
            String secret = secret(password.passwordFile());
            command.setCredentialsProvider(new UsernamePasswordCredentialsProvider(password.user(), secret));
        }
        for (SshdSessionFactory factory : sessions) {
            command.setTransportConfigCallback(transport -> {
                if (transport instanceof SshTransport ssh) {
                    ssh.setSshSessionFactory(factory);
                }
            });
        }
        return command;
    }

    private SshdSessionFactory ssh(GitCredentials.SshKey key) throws SourceException {
        Path config = home.resolve("config");
        try {
            // a server that is not known must be refused, not asked about
            Files.writeString(config, "Host *\n  StrictHostKeyChecking yes\n");
        } catch (IOException e) {
            throw new SourceException(
                    "Git's working folder " + home + " cannot be written: " + FailureWords.ofItself(e), e);
        }
        return new SshdSessionFactoryBuilder()
                .setPreferredAuthentications("publickey")
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.toFile())
                .setConfigFile(directory -> config.toFile())
                .setDefaultIdentities(directory -> List.of(key.privateKey()))
                .setDefaultKnownHostsFiles(directory -> List.of(key.knownHosts()))
                .build(null);
    }

    private static String secret(Path file) throws SourceException {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new SourceException("password file " + file + " cannot be read: " + FailureWords.ofFile(e), e);
        }
    }

    @Override
    public void close() {
        sessions.forEach(SshdSessionFactory::close);
    }
}
