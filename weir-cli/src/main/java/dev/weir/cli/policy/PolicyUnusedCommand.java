package dev.weir.cli.policy;

import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.cli.topology.MeshOptions;
import dev.weir.cli.topology.TopologyApi;
import dev.weir.cli.topology.Words;
import dev.weir.mesh.log.Counted;
import dev.weir.topology.view.SecurityView.UnusedGrant;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir policy unused}. */
@Command(
        name = "unused",
        description = {
            "List what policy grants and nobody has used for as long as a running mesh has observed.",
            "Exit code 0 when there is nothing, 1 when there is something."
        },
        mixinStandardHelpOptions = true)
final class PolicyUnusedCommand implements Callable<Integer> {
    /** All that the mesh remembers. */
    private static final Duration EVER = Duration.ofDays(36_500);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** What {@code --json} prints, with these names. */
    record Answer(long fromMillis, long untilMillis, long observedMillis, List<UnusedGrant> grants) {}

    @Override
    public Integer call() {
        TopologyApi api = mesh.open(spec);
        ObservedTraffic traffic = ObservedTraffic.ask(api, EVER);
        List<UnusedGrant> grants = api.security().unusedGrants();
        PrintWriter out = spec.commandLine().getOut();
        if (mesh.json()) {
            out.println(JsonAnswer.of(
                    new Answer(traffic.fromMillis(), traffic.untilMillis(), traffic.observedMillis(), grants)));
        } else {
            for (UnusedGrant grant : grants) {
                out.println(grant.rule() + " (" + grant.ruleAt() + "): " + grant.service() + " may " + grant.operation()
                        + " " + grant.topics());
            }
            String observed = Words.time(traffic.observedMillis());
            out.println(Counted.of(grants.size(), "grant") + " unused; observed for " + observed
                    + ". What is needed less often than that is among them.");
        }
        return grants.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }
}
