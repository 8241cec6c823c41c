package dev.weir.cli.config;

import dev.weir.policy.source.git.GitSettings;
import java.nio.file.Path;

/** Where policy comes from. */
public sealed interface PolicySettings {

    /**
     * A folder of this machine, watched.
     *
     * @param folder it exists
     */
    record Folder(Path folder) implements PolicySettings {}

    /** A Git repository, polled. */
    record Git(GitSettings settings) implements PolicySettings {}
}
