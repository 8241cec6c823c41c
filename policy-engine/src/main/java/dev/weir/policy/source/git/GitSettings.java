package dev.weir.policy.source.git;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where to find policy in Git.
 *
 * @param url {@code https://}, {@code ssh://}, {@code git@host:path}, {@code file://} or a path on this machine; without
 *     a password
 * @param branch the branch's short name, such as {@code main}
 * @param path the policy folder in the repository; empty for its root
 * @param poll how often to ask for a new commit
 * @param timeout how long to wait for the server's next byte
 * @param cache a folder that is Weir's alone, for the objects that were fetched; empty for a temporary one
 */
public record GitSettings(
        String url,
        String branch,
        String path,
        Duration poll,
        Duration timeout,
        Optional<Path> cache,
        GitCredentials credentials) {
    public static final Duration POLL = Duration.ofSeconds(10);
    public static final Duration POLL_MIN = Duration.ofMillis(200);
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public GitSettings {
        if (url.matches("[a-z+]+://[^/@]*:[^/@]*@.*")) {
            throw new IllegalArgumentException(
                    "the Git URL holds a password, which would show in logs; put it into a file and name the file");
        }
        if (poll.compareTo(POLL_MIN) < 0) {
            throw new IllegalArgumentException("Git is polled every " + poll + "; expected at least " + POLL_MIN);
        }
        if (timeout.toSeconds() < 1) {
            throw new IllegalArgumentException("Git times out after " + timeout + "; expected at least 1s");
        }
        path = strip(path);
    }

    /** A repository that needs no credentials, with everything else as it usually is. */
    public static GitSettings of(String url, String branch, String path) {
        return new GitSettings(url, branch, path, POLL, TIMEOUT, Optional.empty(), new GitCredentials.None());
    }

    public GitSettings withPoll(Duration interval) {
        return new GitSettings(url, branch, path, interval, timeout, cache, credentials);
    }

    private static String strip(String path) {
        String stripped = path.startsWith("./") ? path.substring(2) : path;
        stripped = stripped.startsWith("/") ? stripped.substring(1) : stripped;
        stripped = stripped.endsWith("/") ? stripped.substring(0, stripped.length() - 1) : stripped;
        return stripped.equals(".") ? "" : stripped;
    }
}
