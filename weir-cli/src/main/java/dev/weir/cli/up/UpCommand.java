package dev.weir.cli.up;

import dev.weir.cli.ExitCode;
import dev.weir.cli.config.CertificateDates;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.config.InvalidConfigException;
import dev.weir.cli.config.WeirConfig;
import dev.weir.cli.logging.LogFormat;
import dev.weir.cli.logging.LogLevel;
import dev.weir.cli.logging.Logging;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.cli.status.RunFile;
import dev.weir.proxy.telemetry.DenialLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir up}. */
@Command(
        name = "up",
        description = {
            "Run Weir in front of a Kafka, until it is told to stop (Ctrl-C, SIGTERM).",
            "Every mistake in the configuration is reported at once, and nothing is started then."
        },
        mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration; deploy/weir.yaml is a commented sample.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(names = "--check", description = "Only check the configuration.")
    private boolean check;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace (default: info).")
    private LogLevel level = LogLevel.INFO;

    @Option(names = "--log-format", paramLabel = "FORMAT", description = "text or json (default: text).")
    private LogFormat format = LogFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        WeirConfig config;
        try {
            config = check ? ConfigFile.read(file) : ConfigFile.readPatiently(file, this::tell);
        } catch (InvalidConfigException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.UNUSABLE;
        }
        if (check) {
            checked(config);
            return ExitCode.OK;
        }
        serve(config);
        return ExitCode.OK;
    }

    private void checked(WeirConfig config) {
        List<String> warnings = CertificateDates.warnings(config.proxy(), Instant.now());
        if (config.vault() != null) {
            config.vault().close();
        }
        warnings.forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        spec.commandLine().getOut().println(file + (warnings.isEmpty() ? " is fine." : " is fine otherwise."));
    }

    private void tell(String waiting) {
        spec.commandLine().getErr().println("weir: " + waiting);
        spec.commandLine().getErr().flush();
    }

    private void serve(WeirConfig config) throws InterruptedException {
        ErrorLog errors = ErrorLog.of(Logging.forService(level, format));
        Logger log = LoggerFactory.getLogger(UpCommand.class);
        CertificateDates.warn(config.proxy(), Instant.now());
        StopSignal signal = new StopSignal();
        try (signal;
                Mesh mesh = Mesh.start(config, errors, new DenialLog(), signal::stops)) {
            RunFile.Running running = RunFile.Running.here("up", mesh.adminUrl(), "", Instant.now());
            try (RunFile runFile = RunFile.write(RunFile.folder(), running)) {
                signal.stops(runFile);
                Instant startedAt = running.startedAt();
                mesh.topologyUrl()
                        .thenAccept(
                                url -> runFile.rewrite(RunFile.Running.here("up", mesh.adminUrl(), url, startedAt)));
                log.atInfo()
                        .addKeyValue("admin", mesh.adminUrl())
                        .addKeyValue("policy", mesh.policy().status().revision())
                        .log("Weir is up");
                signal.await();
            }
        }
    }
}
