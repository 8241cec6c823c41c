package dev.weir.cli.rehearsal;

import dev.weir.cli.ExitCode;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.config.InvalidConfigException;
import dev.weir.cli.config.WeirConfig;
import dev.weir.cli.logging.LogFormat;
import dev.weir.cli.logging.LogLevel;
import dev.weir.cli.logging.Logging;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.proxy.telemetry.DenialLog;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code weir rehearse}: what {@code weir up} does until its first answers, on free ports of loopback and in front of a
 * broker that is none. For the launcher, which has the JVM archive the classes loaded meanwhile.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start, serve one client and stop, without a Kafka; the launcher needs it.")
public final class RehearseCommand implements Callable<Integer> {
    private static final String POLICY = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: rehearsal, owner: nobody}
            spec: {identities: [{anonymous: true}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: rehearsal, owner: nobody}
            spec:
              topics: [rehearsal]
              rules:
                - {id: write, allow: [produce, consume], services: [rehearsal]}
            """;

    @Override
    public Integer call() throws IOException, InvalidConfigException {
        Path folder = Files.createTempDirectory("weir-rehearsal");
        try (StandInBroker broker = StandInBroker.start()) {
            WeirConfig config = ConfigFile.read(write(folder, broker.port()));
            ErrorLog errors = ErrorLog.of(Logging.forService(LogLevel.INFO, LogFormat.TEXT));
            try (Mesh mesh = Mesh.start(config, errors, new DenialLog(), started -> {})) {
                FirstClient.ask(mesh.listeners().get(0).bootstrap().port());
            }
        } finally {
            delete(folder);
        }
        return ExitCode.OK;
    }

    private static Path write(Path folder, int brokerPort) throws IOException {
        Path policy = Files.createDirectory(folder.resolve("policy"));
        Files.writeString(policy.resolve("rehearsal.yaml"), POLICY);
        return Files.writeString(folder.resolve("weir.yaml"), """
                clusters:
                  - name: main
                    bootstrap: ["127.0.0.1:%d"]
                listeners:
                  - name: rehearsal
                    bind: 127.0.0.1:0
                policy: {folder: policy}
                admin: {bind: "127.0.0.1:0"}
                """.formatted(brokerPort));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        deepestFirst.stream().map(Path::toFile).forEach(File::delete);
    }
}
