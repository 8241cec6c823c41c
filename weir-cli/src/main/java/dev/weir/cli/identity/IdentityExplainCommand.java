package dev.weir.cli.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.policy.PolicyFolder;
import dev.weir.cli.status.HttpGet;
import dev.weir.cli.status.RunningMesh;
import dev.weir.cli.topology.ViewJson;
import dev.weir.mesh.Subject;
import dev.weir.policy.check.IdentityExplainer;
import dev.weir.policy.check.PolicyBuild;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.proxy.config.OAuthBearerConfig;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir identity explain}. */
@Command(
        name = "explain",
        description = {
            "Say which Service a certificate, a user, a token or a connection belongs to, by which line of the policy, and what"
                    + " that lets it do; where it is none, what it nearly is.",
            "By a policy folder, or by the policy in force in a running mesh.",
            "Exit code 0 when it is one Service, 1 when it is none or several, 2 for what cannot be answered.",
            "Example: weir identity explain policy --san spiffe://shop/payments"
        },
        mixinStandardHelpOptions = true)
final class IdentityExplainCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "POLICY",
            arity = "0..1",
            description = "The policy folder. Left out, a running mesh is asked.")
    private @Nullable Path folder;

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "The admin endpoint of a running Weir, such as http://127.0.0.1:9190."
                    + " Left out, the mesh that was started last on this machine, by you.")
    private @Nullable String api;

    @Option(
            names = "--san",
            paramLabel = "NAME",
            description = "A subject alternative name; several are one certificate.")
    private List<String> sans = List.of();

    @Option(names = "--subject", paramLabel = "DN", description = "The subject of the certificate.")
    private String subject = "";

    @Option(names = "--sasl", paramLabel = "USER", description = "A user of SASL.")
    private String user = "";

    @Option(names = "--mechanism", paramLabel = "NAME", description = "With --sasl: its mechanism (default: PLAIN).")
    private String mechanism = "";

    @Option(
            names = "--token",
            paramLabel = "FILE",
            description = "A file with a JWT. Only its claims are read; its signature is NOT verified here.")
    private @Nullable Path token;

    @Option(
            names = "--principal-claim",
            paramLabel = "NAME",
            description = "With POLICY and --token: the claim that names the principal (default: sub). A running mesh"
                    + " goes by the listener that takes such tokens.")
    private @Nullable String principalClaim;

    @Option(
            names = "--groups-claim",
            paramLabel = "NAME",
            description = "With POLICY and --token: the claim that policy sees as groups. A running mesh goes by the"
                    + " listener that takes such tokens.")
    private String groupsClaim = "";

    @Option(names = "--connection", paramLabel = "ID", description = "A connection of a running mesh.")
    private @Nullable Long connection;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        IdentityAnswer answer = folder == null ? asked() : read(new PolicyFolder(folder));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ViewJson.write(answer));
        } else {
            if (token != null) {
                out.println("Of the token only the claims were read: its signature was not verified here.");
            }
            new IdentityText(answer).lines().forEach(out::println);
        }
        return answer.services().size() == 1 ? ExitCode.OK : ExitCode.NO;
    }

    private IdentityQuestion question() {
        Map<String, List<String>> claims = token == null ? Map.of() : TokenFile.claims(token);
        return new IdentityQuestion(sans, subject, user, mechanism, claims);
    }

    private IdentityAnswer read(PolicyFolder policy) {
        if (connection != null || api != null) {
            throw new CommandFailure(
                    "a folder knows no connections; leave out either POLICY, or --connection and --api.");
        }
        Instant now = Clock.systemUTC().instant();
        PolicyBuild build = PolicyBuild.of(policy.read(), now);
        CompiledSnapshot snapshot = build.snapshot()
                .orElseThrow(() -> new CommandFailure("the policy has mistakes; nobody is anybody by it.\n"
                        + policy.seenFromHere(build.problems()).stream()
                                .map(Object::toString)
                                .collect(Collectors.joining("\n"))));
        Subject who = subject(question());
        return IdentityAnswer.of(
                who, new IdentityExplainer(snapshot, now).explain(who), snapshot.revision(), policy::pathOf);
    }

    private Subject subject(IdentityQuestion question) {
        try {
            return question.subject(
                    Objects.requireNonNullElse(principalClaim, OAuthBearerConfig.PRINCIPAL_CLAIM_DEFAULT), groupsClaim);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage() + ".", e);
        }
    }

    private IdentityAnswer asked() {
        if (principalClaim != null || !groupsClaim.isEmpty()) {
            throw new CommandFailure("a running mesh knows what its listeners take from tokens; leave out"
                    + " --principal-claim and --groups-claim, or give POLICY.");
        }
        Map<String, List<String>> parameters = new TreeMap<>();
        if (connection != null) {
            parameters.put("connection", List.of(connection.toString()));
        } else {
            IdentityQuestion question = question();
            subject(question); // what does not go together is said here, not by HTTP status
            parameters.putAll(question.parameters());
        }
        String query = parameters.entrySet().stream()
                .flatMap(parameter ->
                        parameter.getValue().stream().map(value -> encoded(parameter.getKey()) + "=" + encoded(value)))
                .collect(Collectors.joining("&", "?", ""));
        String url = RunningMesh.admin(api, spec);
        JsonNode answer = ViewJson.tree(HttpGet.text(url + "/identity" + query), url);
        return ViewJson.read(answer, IdentityAnswer.class, url);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
