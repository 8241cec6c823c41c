package dev.weir.cli.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.topology.view.GroupLag;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir lag}. */
@Command(
        name = "lag",
        description = {
            "Show how late consumer groups are, the worst first, and how objectives are kept; or one group in detail.",
            "Late by: the age of the oldest record that is not committed. It is 0 when everything is.",
            "Deleted in: how soon retention deletes a record that was not read."
        },
        mixinStandardHelpOptions = true)
public final class LagCommand implements Callable<Integer> {

    @Parameters(paramLabel = "GROUP", arity = "0..1", description = "One group: its partitions and members.")
    private @Nullable String group;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private MeshOptions mesh;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private WatchOptions watch;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        TopologyApi api = mesh.open(spec);
        Ink ink = Ink.ofTerminal();
        watch.show(spec.commandLine().getOut(), ink, () -> mesh.json() ? json(api) : text(api, ink));
        return ExitCode.OK;
    }

    private List<String> json(TopologyApi api) {
        JsonNode lag = api.lagTree();
        if (group != null && lag.path("groups") instanceof ArrayNode groups) {
            List<JsonNode> wanted = new ArrayList<>();
            groups.forEach(each -> {
                if (each.path("group").asText().equals(group)) {
                    wanted.add(each);
                }
            });
            groups.removeAll().addAll(wanted);
        }
        if (lag instanceof ObjectNode object) {
            object.set("slos", api.slosTree().path("slos"));
        }
        return List.of(ViewJson.write(lag));
    }

    private List<String> text(TopologyApi api, Ink ink) {
        List<GroupLag> groups = api.groups(api.lagTree());
        Sparkline sparkline = new Sparkline(Charset.defaultCharset().equals(StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        TopologyText.warning(api.status(), System.currentTimeMillis()).ifPresent(text -> lines.add(ink.bad(text)));
        if (group == null) {
            lines.addAll(new LagText(ink, sparkline).lines(groups, api.slos(api.slosTree())));
            return lines;
        }
        List<GroupLag> wanted =
                groups.stream().filter(each -> each.group().equals(group)).toList();
        if (wanted.isEmpty()) {
            String known = groups.stream().map(GroupLag::group).limit(20).collect(Collectors.joining(", "));
            throw new CommandFailure("no group " + group + " has been seen; "
                    + (known.isEmpty() ? "none has." : "these have: " + known));
        }
        wanted.forEach(each -> lines.addAll(new LagText(ink, sparkline).lines(each)));
        return lines;
    }
}
