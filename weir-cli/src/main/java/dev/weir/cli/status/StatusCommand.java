package dev.weir.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    private static final int TIMEOUT_MILLIS = 5_000;
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
        String url = api == null ? local() : api;
        String body = get(url.replaceAll("/+$", "") + "/status");
        JsonNode status = parsed(url, body);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(body);
        } else {
            new StatusText(out).print(url, status);
        }
        out.flush();
        return status.path("ready").asBoolean() ? ExitCode.OK : ExitCode.NO;
    }

    private String local() {
        List<RunFile.Running> running = RunFile.running(RunFile.folder());
        if (running.isEmpty()) {
            throw new CommandFailure("no mesh of yours runs on this machine. Start one (weir up, weir demo), or say"
                    + " where one is: weir status --api http://HOST:PORT");
        }
        if (running.size() > 1) {
            spec.commandLine()
                    .getErr()
                    .println("weir: " + running.size() + " meshes run here; this is the one started last. The others: "
                            + String.join(
                                    ", ",
                                    running.stream()
                                            .skip(1)
                                            .map(RunFile.Running::admin)
                                            .toList()));
        }
        return running.get(0).admin();
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

    private static String get(String url) {
        HttpURLConnection connection = open(url);
        try {
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int code = connection.getResponseCode();
            if (code != HttpURLConnection.HTTP_OK) {
                throw new CommandFailure(url + " answers with HTTP status " + code + "; expected 200.");
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new CommandFailure("nothing answers at " + url + ": " + e.getMessage(), e);
        } finally {
            connection.disconnect();
        }
    }

    private static HttpURLConnection open(String url) {
        try {
            if (URI.create(url).toURL().openConnection() instanceof HttpURLConnection connection) {
                return connection;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw notUrl(url, e);
        }
        throw notUrl(url, null);
    }

    private static CommandFailure notUrl(String url, @Nullable Exception cause) {
        return new CommandFailure(
                "not a URL of an admin endpoint: " + url + "; expected http://HOST:PORT",
                cause == null ? new IllegalArgumentException(url) : cause);
    }
}
