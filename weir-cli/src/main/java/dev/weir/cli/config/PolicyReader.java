package dev.weir.cli.config;

import dev.weir.policy.source.git.GitCredentials;
import dev.weir.policy.source.git.GitSettings;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code policy}: a folder or a Git repository. */
final class PolicyReader {
    static final PolicySettings PLACEHOLDER = new PolicySettings.Folder(Path.of(""));

    private static final Duration POLL_MAX = Duration.ofDays(1);
    private static final Duration TIMEOUT_MIN = Duration.ofSeconds(1);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);
    private static final GitCredentials NO_CREDENTIALS = new GitCredentials.None();

    private final ReferencedFiles files;

    PolicyReader(ReferencedFiles files) {
        this.files = files;
    }

    PolicySettings read(YamlObject policy) {
        if (policy.has("folder") == policy.has("git")) {
            String found = policy.has("git") ? "both" : "neither";
            files.problems().add(policy.at(), "policy comes from one place", found, "\"folder\" or \"git\"");
        }
        Optional<PolicySettings> folder =
                policy.text("folder").flatMap(files::folder).map(PolicySettings.Folder::new);
        Optional<PolicySettings> git = policy.object("git", this::git);
        return folder.or(() -> git).orElse(PLACEHOLDER);
    }

    private PolicySettings git(YamlObject git) {
        return new PolicySettings.Git(new GitSettings(
                url(git.requiredText("url")),
                git.text("branch").map(Text::value).orElse("main"),
                git.text("path").map(this::pathInRepository).orElse(""),
                git.duration("poll", GitSettings.POLL_MIN, POLL_MAX, GitSettings.POLL),
                git.duration("timeout", TIMEOUT_MIN, TIMEOUT_MAX, GitSettings.TIMEOUT),
                git.text("cache").map(files::resolve),
                git.object("credentials", this::credentials).orElse(NO_CREDENTIALS)));
    }

    private String url(Text url) {
        try {
            GitSettings.of(url.value(), "main", "");
            return url.value();
        } catch (IllegalArgumentException e) {
            files.problems().add(url.at(), String.valueOf(e.getMessage()));
            return "";
        }
    }

    private String pathInRepository(Text text) {
        Path path = Path.of(text.value()).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            files.problems().add(text.at(), "wrong value", '"' + text.value() + '"', "a folder inside the repository");
        }
        return path.toString();
    }

    private GitCredentials credentials(YamlObject credentials) {
        if (credentials.has("sshKey") || credentials.has("knownHosts")) {
            Optional<Path> key = files.secretFile(credentials.requiredText("sshKey"), "key file");
            Optional<Path> knownHosts = files.secretFile(credentials.requiredText("knownHosts"), "known hosts file");
            return key.isPresent() && knownHosts.isPresent()
                    ? new GitCredentials.SshKey(key.get(), knownHosts.get())
                    : NO_CREDENTIALS;
        }
        String username = credentials.requiredText("username").value();
        return files.secretFile(credentials.requiredText("passwordFile"), "password file")
                .<GitCredentials>map(file -> new GitCredentials.Password(username, file))
                .orElse(NO_CREDENTIALS);
    }
}
