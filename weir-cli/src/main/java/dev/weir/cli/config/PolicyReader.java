package dev.weir.cli.config;

import dev.weir.cli.config.PolicySettings.GitCredentials;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code policy}: a folder or a Git repository. */
final class PolicyReader {
    static final PolicySettings PLACEHOLDER = new PolicySettings.Folder(Path.of(""));

    private static final Duration POLL_MIN = Duration.ofMillis(100);
    private static final Duration POLL_MAX = Duration.ofDays(1);
    private static final Duration POLL_DEFAULT = Duration.ofSeconds(10);

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
        return new PolicySettings.Git(
                git.requiredText("url").value(),
                git.text("branch").map(Text::value).orElse("main"),
                git.text("path").map(this::pathInRepository).orElse(""),
                git.duration("poll", POLL_MIN, POLL_MAX, POLL_DEFAULT),
                git.object("credentials", this::credentials).orElse(null));
    }

    private String pathInRepository(Text text) {
        Path path = Path.of(text.value()).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            files.problems().add(text.at(), "wrong value", '"' + text.value() + '"', "a folder inside the repository");
        }
        return path.toString();
    }

    private GitCredentials credentials(YamlObject credentials) {
        String username = credentials.requiredText("username").value();
        Path file = files.secretFile(credentials.requiredText("passwordFile")).orElse(Path.of(""));
        return new GitCredentials(username, file);
    }
}
