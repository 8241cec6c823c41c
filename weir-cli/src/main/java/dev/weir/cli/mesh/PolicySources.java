package dev.weir.cli.mesh;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.config.PolicySettings;
import dev.weir.policy.source.FolderSource;
import dev.weir.policy.source.PolicySource;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.source.git.GitSource;

/** Opens what a configuration names as the source of policy. */
public final class PolicySources {

    private PolicySources() {}

    /**
     * Opens a source; nothing is read from it yet.
     *
     * @throws CommandFailure saying why that cannot be
     */
    public static PolicySource open(PolicySettings settings) {
        try {
            if (settings instanceof PolicySettings.Folder folder) {
                return new FolderSource(folder.folder(), FolderSource.RESCAN);
            }
            return new GitSource(((PolicySettings.Git) settings).settings());
        } catch (SourceException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
