package dev.weir.cli.topology;

import dev.weir.cli.status.RunningMesh;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which mesh, and how it is answered. */
public final class MeshOptions {

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "The topology's address, such as http://127.0.0.1:9191."
                    + " Left out, the mesh that was started last on this machine, by you.")
    private @Nullable String api;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with a bearer token, where the mesh wants a log-in.")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    public boolean json() {
        return json;
    }

    /** The mesh; a {@link dev.weir.cli.CommandFailure} when there is none. */
    public TopologyApi open(CommandSpec command) {
        return new TopologyApi(RunningMesh.topology(api, command), Optional.ofNullable(tokenFile));
    }
}
