package dev.weir.cli.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.TopologyApi;
import dev.weir.cli.topology.ViewJson;
import dev.weir.policy.yaml.Nearest;
import dev.weir.topology.view.CanaryView;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir canary status NAME}. */
@Command(
        name = "status",
        description = "Show one canary: its steps and gates, how both versions do, and what happened.",
        mixinStandardHelpOptions = true)
final class CanaryStatusCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The canary, by its name in policy.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        TopologyApi api = mesh.open(spec);
        PrintWriter out = spec.commandLine().getOut();
        JsonNode tree = api.canariesTree();
        List<CanaryView> all = api.canaries(tree);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                if (mesh.json()) {
                    out.println(ViewJson.write(tree.path("canaries").get(i)));
                } else {
                    new CanaryText(System.currentTimeMillis())
                            .status(all.get(i))
                            .forEach(out::println);
                }
                out.flush();
                return ExitCode.OK;
            }
        }
        List<String> names = all.stream().map(CanaryView::name).toList();
        throw new CommandFailure("policy has no canary " + name + "; "
                + Nearest.of(name, names)
                        .map(near -> "did you mean " + near + "?")
                        .orElse(
                                names.isEmpty()
                                        ? "it has none."
                                        : "it has " + names.stream().limit(20).collect(Collectors.joining(", "))));
    }
}
