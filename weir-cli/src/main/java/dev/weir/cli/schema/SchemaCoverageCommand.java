package dev.weir.cli.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.ExitCode;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.TopologyApi;
import dev.weir.cli.topology.ViewJson;
import dev.weir.topology.view.Moment;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir schema coverage}. */
@Command(
        name = "coverage",
        description = {
            "Show which topics of a running mesh are guarded by a SchemaRule, who writes to them, and which share of the",
            "records is what the schema says."
        },
        mixinStandardHelpOptions = true)
final class SchemaCoverageCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Option(names = "--window", paramLabel = "TIME", description = "What is counted, 10s to 1h (default: 1h).")
    private Duration window = Duration.ofMillis(Moment.WINDOW_MILLIS_MAX);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (window.toMillis() < Moment.WINDOW_MILLIS_MIN || window.toMillis() > Moment.WINDOW_MILLIS_MAX) {
            throw new ParameterException(spec.commandLine(), "--window is from 10s to 1h");
        }
        TopologyApi api = mesh.open(spec);
        JsonNode coverage = api.schemasTree(window);
        PrintWriter out = spec.commandLine().getOut();
        if (mesh.json()) {
            out.println(ViewJson.write(coverage));
        } else {
            SchemaCoverageText.lines(api.schemas(coverage)).forEach(out::println);
        }
        return ExitCode.OK;
    }
}
