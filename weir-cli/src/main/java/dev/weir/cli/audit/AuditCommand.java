package dev.weir.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.TopologyApi;
import dev.weir.cli.topology.ViewJson;
import dev.weir.topology.view.AuditPage;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir audit}. */
@Command(
        name = "audit",
        description = {
            "Show who did what, or was not let: log-ins, failed log-ins, denials, administrative requests, and changes of"
                    + " policy, the oldest first.",
            "The same thing, again within a second, is one line with its number.",
            "With --json each line is one JSON object."
        },
        mixinStandardHelpOptions = true)
public final class AuditCommand implements Callable<Integer> {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "How long ago to begin, as 30m, 1h or 7d, or a moment as RFC 3339 (default: ${DEFAULT-VALUE}).")
    private String since = "1h";

    @Option(names = "--service", paramLabel = "NAME", description = "Only of this Service.")
    private String service = "";

    @Option(names = "--denied", description = "Only denials, dry-run ones too.")
    private boolean denied;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only of these kinds, separated by commas: denied, dryRunDenied, admin, logIn, logInFailed,"
                    + " policyInForce, policyRefused, schemaViolation, readRefused, sessionEnded.")
    private String kinds = "";

    @Option(names = "--watch", description = "Go on with what happens, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--for", paramLabel = "TIME", description = "With --watch: end by itself after this long.")
    private @Nullable Duration time;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        TopologyApi api = mesh.open(spec);
        PrintWriter out = spec.commandLine().getOut();
        AuditText text = new AuditText(ZoneId.systemDefault());
        long endNanos = System.nanoTime() + (time == null ? Long.MAX_VALUE / 2 : time.toNanos());
        String after = show(api, "", out, text);
        while (watch && System.nanoTime() - endNanos < 0) {
            Thread.sleep(INTERVAL.toMillis());
            try {
                after = show(api, after, out, text);
            } catch (CommandFailure e) {
                spec.commandLine().getErr().println(e.getMessage() + " Trying again.");
            }
        }
        return ExitCode.OK;
    }

    /** Prints all there is now; gives where to go on. */
    private String show(TopologyApi api, String from, PrintWriter out, AuditText text) {
        String after = from;
        while (true) {
            JsonNode tree = api.audit(query(after));
            AuditPage page = api.audit(tree);
            if (mesh.json()) {
                tree.path("entries").forEach(entry -> out.println(ViewJson.line(entry)));
            } else {
                page.entries().forEach(entry -> out.println(text.line(entry)));
            }
            out.flush();
            after = page.next();
            if (!page.more()) {
                return after;
            }
        }
    }

    private String query(String after) {
        String wanted = denied ? kinds.isEmpty() ? "denied,dryRunDenied" : kinds + ",denied,dryRunDenied" : kinds;
        return "?limit=1000&since=" + encoded(since) + "&service=" + encoded(service) + "&kind=" + encoded(wanted)
                + "&after=" + encoded(after);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
