package dev.weir.cli.policy;

import dev.weir.cli.CommandFailure;
import dev.weir.policy.source.FolderReader;
import dev.weir.policy.source.PolicyFiles;
import dev.weir.policy.source.SourceException;
import dev.weir.policy.yaml.Problem;
import java.nio.file.Path;
import java.util.List;

/** What the policy commands share: a folder of policy files, and how its mistakes are shown. */
public final class PolicyFolder {
    private final Path folder;

    public PolicyFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The files.
     *
     * @throws CommandFailure if there is no policy to read
     */
    public PolicyFiles read() {
        try {
            return FolderReader.read(folder);
        } catch (SourceException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** The problems with paths as seen from where the command runs. */
    public List<Problem> seenFromHere(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Problem(
                        pathOf(problem.file()),
                        problem.line(),
                        problem.column(),
                        problem.message(),
                        problem.found(),
                        problem.expected()))
                .toList();
    }

    /** A file of the folder as seen from where the command runs. */
    public String pathOf(String file) {
        return file.isEmpty() ? file : folder.resolve(file).toString();
    }
}
