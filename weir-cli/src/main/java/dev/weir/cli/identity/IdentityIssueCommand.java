package dev.weir.cli.identity;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.topology.Words;
import dev.weir.identity.IdentityException;
import dev.weir.identity.authority.BuiltInAuthority;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.Issuer;
import dev.weir.identity.client.Handout;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.identity.vault.VaultFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir identity issue}. */
@Command(
        name = "issue",
        description = {
            "Give a service, or a listener of Weir, a key and a certificate.",
            "A service also gets client.properties for Kafka's Java client and kcat.conf for librdkafka,"
                    + " which work as they are."
        },
        mixinStandardHelpOptions = true)
final class IdentityIssueCommand implements Callable<Integer> {
    private static final Duration LIFETIME_MIN = Duration.ofMinutes(1);

    /** What the way to Vault and clocks may take of a life. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private static final Duration ROUNDING = Duration.ofSeconds(30);
    private static final Pattern BOOTSTRAP = Pattern.compile("[^\\s,]+:\\d{1,5}(,[^\\s,]+:\\d{1,5})*");

    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Bearer bearer;

    private static final class Bearer {
        @Option(
                names = "--service",
                paramLabel = "NAME",
                description = "A service; its SPIFFE id is spiffe://TRUST-DOMAIN/NAME.")
        private @Nullable String service;

        @Option(
                names = "--listener",
                paramLabel = "HOST",
                split = ",",
                description = "A listener, by all names and addresses under which clients reach it.")
        private @Nullable List<String> listener;
    }

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where key and certificate go.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(
            names = "--ca",
            paramLabel = "DIR",
            description = "The authority that weir identity init made (default: ${DEFAULT-VALUE}).")
    private Path authority = Path.of("weir-ca");

    @Mixin
    private VaultOptions vault = new VaultOptions();

    @Option(
            names = "--trust-domain",
            paramLabel = "DOMAIN",
            description = "With --vault: the domain of the SPIFFE id (default: ${DEFAULT-VALUE}).")
    private String trustDomain = "weir.local";

    @Option(names = "--ttl", paramLabel = "TIME", description = "How long it is good for (default: 24h).")
    private Duration lifetime = Duration.ofHours(24);

    @Option(names = "--key", paramLabel = "TYPE", description = "ec (P-256) or rsa (3072 bits) (default: ec).")
    private KeyChoice key = KeyChoice.EC;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Where the service connects, for its configurations (default: ${DEFAULT-VALUE}).")
    private String bootstrap = "127.0.0.1:9192";

    @Option(names = "--replace", description = "Renew: replace the files that are there.")
    private boolean replace;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (lifetime.compareTo(LIFETIME_MIN) < 0) {
            throw new CommandFailure(
                    "a certificate has to live for a minute at least; found --ttl " + lifetime.toSeconds() + "s");
        }
        if (!BOOTSTRAP.matcher(bootstrap).matches()) {
            throw new CommandFailure("--bootstrap: found \"" + bootstrap
                    + "\", expected HOST:PORT, or several with commas between them");
        }
        try {
            if (bearer.service != null) {
                issueService(bearer.service);
            } else {
                issueListener(bearer.listener == null ? List.of() : bearer.listener);
            }
            return ExitCode.OK;
        } catch (IdentityException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void issueService(String service) throws IdentityException {
        Issuing issuing = issuing();
        SpiffeId id = SpiffeId.of(issuing.trustDomain(), service);
        Handout handout = Handout.into(out, replace);
        IssuedCertificate issued = issuing.issuer().issue(CertificateRequest.service(id, lifetime), key.type());
        handout.service(issued, bootstrap, id + ", until " + issued.notAfter() + "; made by weir identity issue");
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.println(id + " until " + issued.notAfter() + ", in " + out);
        sayIfShorter(issued);
        terminal.println("  Kafka's Java client:  " + handout.javaClient());
        terminal.println("  kcat, librdkafka:     kcat -F " + handout.kcat() + " -L");
        terminal.println("In policy:  identities: [{san: \"" + id + "\"}]");
    }

    private void issueListener(List<String> names) throws IdentityException {
        List<HostName> hosts = new ArrayList<>();
        for (String name : names) {
            hosts.add(HostName.of(name));
        }
        Issuer issuer = issuing().issuer();
        Handout handout = Handout.into(out, replace);
        IssuedCertificate issued = issuer.issue(CertificateRequest.listener(hosts, lifetime), key.type());
        handout.listener(issued);
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.println(String.join(", ", names) + " until " + issued.notAfter() + ", in " + out);
        sayIfShorter(issued);
        terminal.println("In weir.yaml, for the listener:");
        terminal.println("  tls:");
        terminal.println("    certificate: " + handout.certificate());
        terminal.println("    key: " + handout.key());
        terminal.println("    clientCa: " + handout.authorities());
    }

    /** A role of Vault's gives no more than it may, and does not say so. */
    private void sayIfShorter(IssuedCertificate issued) {
        Duration given = Duration.between(Instant.now(), issued.notAfter()).plus(ROUNDING);
        if (vault.role() != null && given.plus(TOLERANCE).compareTo(lifetime) < 0) {
            spec.commandLine()
                    .getErr()
                    .println("warning: it is good for " + Words.time(given.toMinutes() * 60_000) + ", and not for "
                            + Words.time(lifetime.toMillis()) + " as asked: Vault's role " + vault.role()
                            + " gives no more");
        }
    }

    /** Who signs, and for which trust domain. */
    private record Issuing(Issuer issuer, TrustDomain trustDomain) {}

    private Issuing issuing() throws IdentityException {
        String role = vault.role();
        if (role == null) {
            BuiltInAuthority builtIn = BuiltInAuthority.open(authority, Clock.systemUTC());
            return new Issuing(builtIn, builtIn.trustDomain());
        }
        return new Issuing(VaultFiles.issuer(vault.settings(), role), TrustDomain.of(trustDomain));
    }
}
