package dev.weir.cli.connections;

import dev.weir.cli.ExitCode;
import dev.weir.cli.status.HttpGet;
import dev.weir.cli.status.RunningMesh;
import dev.weir.cli.topology.Columns;
import dev.weir.cli.topology.ViewJson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir connections}. */
@Command(
        name = "connections",
        description = {
            "Show which clients are connected to a proxy: who they are, how they proved it, and where they come from.",
            "weir identity explain --connection ID says why one is who it is. With --json each line is one JSON object."
        },
        mixinStandardHelpOptions = true)
public final class ConnectionsCommand implements Callable<Integer> {

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "The admin endpoint of a running Weir, such as http://127.0.0.1:9190."
                    + " Left out, the mesh that was started last on this machine, by you.")
    private @Nullable String api;

    @Option(names = "--service", paramLabel = "NAME", description = "Only of this Service.")
    private @Nullable String service;

    @Option(names = "--json", description = "Answer with one JSON object for each connection.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        String url = RunningMesh.admin(api, spec);
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.println(row("id", "service", "principal", "by", "tls", "client id", "from", "since"));
        }
        long after = 0;
        boolean more = true;
        while (more) {
            String address = url + "/connections?limit=1000&after=" + after;
            ConnectionPage page = ViewJson.read(ViewJson.tree(HttpGet.text(address), url), ConnectionPage.class, url);
            page.connections().stream()
                    .filter(connection -> service == null || service.equals(connection.service()))
                    .forEach(connection -> out.println(json ? ViewJson.oneLine(connection) : row(connection)));
            after = page.next();
            more = page.more();
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String row(ConnectionPage.Connected connection) {
        return row(
                Long.toString(connection.id()),
                connection.service().isEmpty() ? "-" : connection.service(),
                connection.principal(),
                connection.authenticated() ? connection.mechanism() : "(logs in)",
                connection.tls() ? "yes" : "NO",
                connection.clientId(),
                connection.source(),
                connection.since());
    }

    private static String row(
            String id,
            String service,
            String principal,
            String by,
            String tls,
            String client,
            String from,
            String since) {
        return (Columns.right(id, 6) + " " + Columns.left(service, 14) + " " + Columns.left(principal, 24) + " "
                        + Columns.left(by, 13) + " " + Columns.left(tls, 3) + " " + Columns.left(client, 20) + " "
                        + Columns.left(from, 15) + " " + since)
                .stripTrailing();
    }
}
