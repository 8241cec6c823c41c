package dev.weir.cli.config;

import dev.weir.identity.IdentityException;
import dev.weir.identity.vault.VaultReference;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import dev.weir.proxy.config.CredentialStore;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.ServicePlaceholder;
import dev.weir.proxy.upstream.FileCredentialStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads {@code upstream} of a listener: with whose credentials its clients come to brokers. */
final class ListenerUpstreamReader {
    private enum Kind {
        SHARED,
        PER_PRINCIPAL,
        PASS_THROUGH
    }

    private static final Map<String, Kind> KINDS =
            Map.of("shared", Kind.SHARED, "perPrincipal", Kind.PER_PRINCIPAL, "passThrough", Kind.PASS_THROUGH);
    private static final String FROM_FORM =
            "a path such as secrets/upstream/{service}.properties, or vault:kv/data/kafka/services/{service}";

    private final ReferencedFiles files;
    private final Problems problems;

    ListenerUpstreamReader(ReferencedFiles files) {
        this.files = files;
        this.problems = files.problems();
    }

    ListenerUpstream read(YamlObject listener) {
        return listener.object("upstream", upstream -> read(upstream, listener)).orElse(new ListenerUpstream.Shared());
    }

    private ListenerUpstream read(YamlObject upstream, YamlObject listener) {
        Kind kind = upstream.choice("credentials", KINDS).orElse(Kind.SHARED);
        if (kind == Kind.PASS_THROUGH) {
            return passThrough(upstream, listener);
        }
        if (kind == Kind.PER_PRINCIPAL) {
            return upstream.required("from", FROM_FORM)
                    .flatMap(YamlValue::text)
                    .flatMap(this::store)
                    .<ListenerUpstream>map(ListenerUpstream.PerPrincipal::new)
                    .orElse(new ListenerUpstream.Shared());
        }
        if (upstream.has("from")) {
            problems.add(
                    upstream.at("from"),
                    "credentials of single services are not asked for",
                    "credentials shared",
                    "credentials: perPrincipal, or no \"from\"");
        }
        return new ListenerUpstream.Shared();
    }

    private ListenerUpstream passThrough(YamlObject upstream, YamlObject listener) {
        if (!listener.has("sasl")) {
            problems.add(
                    upstream.at("credentials"),
                    "only log-ins by SASL can be passed on",
                    "no \"sasl\"",
                    "also \"sasl\", with the mechanisms to pass on");
        }
        return new ListenerUpstream.PassThrough(upstream.text("principalClaim")
                .map(Text::value)
                .orElse(ListenerUpstream.PassThrough.PRINCIPAL_CLAIM_DEFAULT));
    }

    /** Where they are kept. What is found by another scheme than a path is plugged in here. */
    private Optional<CredentialStore> store(Text from) {
        if (from.isEmpty()) {
            return Optional.empty();
        }
        if (VaultReference.isMeantBy(from.value())) {
            return vault(from);
        }
        Path template = files.resolve(from);
        Path folder = template.getParent();
        if (!FileCredentialStore.isTemplate(from.value())) {
            problems.add(
                    from.at(),
                    "the name of the service goes into the file's name, once",
                    '"' + from.value() + '"',
                    FROM_FORM);
            return Optional.empty();
        }
        if (folder == null || !Files.isDirectory(folder)) {
            problems.add(from.at(), "folder does not exist", '"' + from.value() + '"', FROM_FORM);
            return Optional.empty();
        }
        return Optional.of(new FileCredentialStore(template));
    }

    /** All fields of a secret are wanted, so no single one is named. */
    private Optional<CredentialStore> vault(Text from) {
        String template = from.value().substring(VaultReference.PREFIX.length());
        if (!ServicePlaceholder.isOnceIn(template) || !isPath(template.replace(ServicePlaceholder.TEXT, "x"))) {
            problems.add(
                    from.at(),
                    "no path of secrets in Vault with the name of the service in it, once",
                    '"' + from.value() + '"',
                    FROM_FORM);
            return Optional.empty();
        }
        return files.vaultSecrets(from).map(secrets -> new VaultCredentialStore(secrets, template));
    }

    private static boolean isPath(String path) {
        try {
            return !VaultReference.parse(VaultReference.PREFIX + path + "#x").isCertificate();
        } catch (IdentityException e) {
            return false;
        }
    }
}
