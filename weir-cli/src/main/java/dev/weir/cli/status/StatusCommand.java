package dev.weir.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir status}. */
@Command(
        name = "status",
        description = {
            "Show how a running mesh is doing: listeners, brokers, policy, last errors.",
            "Exit code 1 when it runs and is not ready, 2 when none answers."
        },
        mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "The mesh's admin endpoint, such as http://127.0.0.1:9190."
                    + " Left out, the mesh that was started last on this machine, by you.")
    private @Nullable String api;

    @Option(names = "--json", description = "Print what the mesh says as it is, one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        String url = RunningMesh.admin(api, spec);
        String body = HttpGet.text(url + "/status");
        JsonNode status = parsed(url, body);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(body);
        } else {
            new StatusText(out, Instant.now()).print(url, status);
        }
        out.flush();
        return status.path("ready").asBoolean() ? ExitCode.OK : ExitCode.NO;
    }

    private static JsonNode parsed(String url, String body) {
        Optional<JsonNode> json;
        try {
            json = Optional.of(MAPPER.readTree(body)).filter(node -> node.has("ready"));
        } catch (JsonProcessingException e) {
            json = Optional.empty();
        }
        return json.orElseThrow(() -> new CommandFailure("what answers at " + url + " is no Weir."));
    }
}
