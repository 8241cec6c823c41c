package dev.weir.cli.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where policy comes from. */
public sealed interface PolicySettings {

    /**
     * A folder of this machine, watched.
     *
     * @param folder it exists
     */
    record Folder(Path folder) implements PolicySettings {}

    /**
     * A Git repository, polled.
     *
     * @param url what {@code git clone} takes
     * @param branch the branch to follow
     * @param path the policy folder in the repository; empty for its root
     * @param poll how long between two looks
     * @param credentials for https, or {@code null} for none
     */
    record Git(
            String url,
            String branch,
            String path,
            Duration poll,
            @Nullable GitCredentials credentials) implements PolicySettings {}

    /**
     * What an https server asks for.
     *
     * @param passwordFile holds a password or an access token; read at each use, so that it can be replaced
     */
    record GitCredentials(String username, Path passwordFile) {}
}
