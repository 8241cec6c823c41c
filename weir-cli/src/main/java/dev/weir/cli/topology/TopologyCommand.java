package dev.weir.cli.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cli.ExitCode;
import dev.weir.topology.view.Moment;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir topology}. */
@Command(
        name = "topology",
        description = {
            "Show who produces to which topic and who consumes from it, as a running mesh sees it now.",
            "The dashboard shows the same, and more: open the address that weir up and weir demo print."
        },
        mixinStandardHelpOptions = true)
public final class TopologyCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private WatchOptions watch;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            description = "What rates are taken over, 10s to 1h (default: 60s).")
    private Duration window = Duration.ofMillis(Moment.WINDOW_MILLIS_DEFAULT);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (window.toMillis() < Moment.WINDOW_MILLIS_MIN || window.toMillis() > Moment.WINDOW_MILLIS_MAX) {
            throw new ParameterException(spec.commandLine(), "--window is from 10s to 1h");
        }
        TopologyApi api = mesh.open(spec);
        Ink ink = Ink.ofTerminal();
        watch.show(spec.commandLine().getOut(), ink, () -> {
            JsonNode tree = api.topologyTree(window);
            return mesh.json()
                    ? List.of(ViewJson.write(withNames(tree)))
                    : new TopologyText(ink, ZoneId.systemDefault()).lines(api.topology(tree), api.status());
        });
        return ExitCode.OK;
    }

    /** Edges name nodes by id; scripts would rather have names, so they get both. */
    private static JsonNode withNames(JsonNode topology) {
        Map<String, String> names = new HashMap<>();
        topology.path("nodes")
                .forEach(node ->
                        names.put(node.path("id").asText(), node.path("name").asText()));
        for (String kind : List.of("edges", "mirrors")) {
            for (JsonNode edge : topology.path(kind)) {
                if (edge instanceof ObjectNode object) {
                    String from = edge.path("from").asText();
                    String to = edge.path("to").asText();
                    object.put("fromName", names.getOrDefault(from, from)).put("toName", names.getOrDefault(to, to));
                }
            }
        }
        return topology;
    }
}
