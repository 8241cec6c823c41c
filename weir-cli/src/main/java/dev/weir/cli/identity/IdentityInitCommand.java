package dev.weir.cli.identity;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.identity.IdentityException;
import dev.weir.identity.authority.BuiltInAuthority;
import dev.weir.identity.name.TrustDomain;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir identity init}. */
@Command(
        name = "init",
        description = {
            "Make a certificate authority in a folder, for a demo or a few machines.",
            "Keep the folder where only those may read it who may give out identities. It has no register and"
                    + " revokes nothing; where there is Vault, use that."
        },
        mixinStandardHelpOptions = true)
final class IdentityInitCommand implements Callable<Integer> {
    private static final Duration DAY = Duration.ofDays(1);

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where its key and certificate go (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("weir-ca");

    @Option(
            names = "--trust-domain",
            paramLabel = "DOMAIN",
            description = "The domain of the SPIFFE ids that it gives out: spiffe://DOMAIN/SERVICE (default:"
                    + " ${DEFAULT-VALUE}).")
    private String trustDomain = "weir.local";

    @Option(names = "--ttl", paramLabel = "TIME", description = "How long it lives (default: 3650d).")
    private Duration lifetime = DAY.multipliedBy(3650);

    @Option(names = "--key", paramLabel = "TYPE", description = "ec (P-256) or rsa (3072 bits) (default: ec).")
    private KeyChoice key = KeyChoice.EC;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (lifetime.compareTo(DAY) < 0) {
            throw new CommandFailure(
                    "an authority has to live for a day at least; found --ttl " + lifetime.toMinutes() + "m");
        }
        try {
            BuiltInAuthority made = BuiltInAuthority.create(
                    folder, TrustDomain.of(trustDomain), key.type(), lifetime, Clock.systemUTC());
            spec.commandLine()
                    .getOut()
                    .println("made an authority for " + made.trustDomain().uri() + " in " + folder + ", until "
                            + made.notAfter());
            return ExitCode.OK;
        } catch (IdentityException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
