package dev.weir.cli.status;

import dev.weir.cli.CommandFailure;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Finds the mesh that a command is about: the one that its user names, else the one started last on this machine. */
public final class RunningMesh {

    private RunningMesh() {}

    /** URL of the admin endpoint, without a slash at its end. */
    public static String admin(@Nullable String api, CommandSpec command) {
        return trimmed(
                api == null ? local(command, RunFile.running(RunFile.folder())).admin() : api);
    }

    /** URL of the topology's API, without a slash at its end. */
    public static String topology(@Nullable String api, CommandSpec command) {
        if (api != null) {
            return trimmed(api);
        }
        List<RunFile.Running> running = RunFile.running(RunFile.folder());
        List<RunFile.Running> seeing =
                running.stream().filter(mesh -> !mesh.topology().isEmpty()).toList();
        if (seeing.isEmpty() && !running.isEmpty()) {
            throw new CommandFailure("a mesh of yours runs on this machine (process "
                    + running.get(0).pid() + "), and has no topology yet: it is still starting, or its configuration"
                    + " says topology: {enabled: false}");
        }
        return trimmed(local(command, seeing).topology());
    }

    private static RunFile.Running local(CommandSpec command, List<RunFile.Running> running) {
        if (running.isEmpty()) {
            throw new CommandFailure("no mesh of yours runs on this machine. Start one (weir up, weir demo), or say"
                    + " where one is: " + command.qualifiedName() + " --api http://HOST:PORT");
        }
        if (running.size() > 1) {
            String others = running.stream()
                    .skip(1)
                    .map(mesh -> mesh.command() + " with process id " + mesh.pid() + " at " + mesh.admin())
                    .collect(Collectors.joining(", "));
            command.commandLine()
                    .getErr()
                    .println("weir: " + running.size() + " meshes run here; this is the one started last. The others: "
                            + others);
        }
        return running.get(0);
    }

    private static String trimmed(String url) {
        return url.replaceAll("/+$", "");
    }
}
