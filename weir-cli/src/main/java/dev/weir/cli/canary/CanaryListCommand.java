package dev.weir.cli.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.ExitCode;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.TopologyApi;
import dev.weir.cli.topology.ViewJson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir canary list}. */
@Command(
        name = "list",
        description = "Show all canaries of policy: how far they are, and how late both versions.",
        mixinStandardHelpOptions = true)
final class CanaryListCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        TopologyApi api = mesh.open(spec);
        JsonNode tree = api.canariesTree();
        PrintWriter out = spec.commandLine().getOut();
        if (mesh.json()) {
            out.println(ViewJson.write(tree));
        } else {
            new CanaryText(System.currentTimeMillis()).list(api.canaries(tree)).forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }
}
