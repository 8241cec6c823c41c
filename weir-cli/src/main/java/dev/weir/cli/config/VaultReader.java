package dev.weir.cli.config;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.identity.vault.CertificateOrder;
import dev.weir.identity.vault.VaultLogIn;
import dev.weir.identity.vault.VaultSettings;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code vault}: where Vault is, how Weir logs in, and which certificates it orders. */
final class VaultReader {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+");
    private static final Pattern SPIFFE = Pattern.compile("spiffe://([^/]+)/(.+)");
    private static final URI PLACEHOLDER = URI.create("https://127.0.0.1:8200");
    private static final VaultLogIn NOBODY = new VaultLogIn.TokenFile(Path.of(""));

    private final ReferencedFiles files;

    VaultReader(ReferencedFiles files) {
        this.files = files;
    }

    VaultConfig read(YamlObject vault) {
        VaultSettings settings = new VaultSettings(
                address(vault.requiredText("address")),
                files.certificates(vault, "trust"),
                vault.requiredObject("auth", this::logIn).orElse(NOBODY),
                vault.text("namespace").map(Text::value).orElse(""),
                vault.duration("refresh", SECOND, DAY, VaultSettings.REFRESH),
                vault.duration("timeout", SECOND, HOUR, VaultSettings.TIMEOUT));
        List<CertificateOrder> orders = new ArrayList<>();
        vault.object("certificates", certificates -> {
            for (Text name : certificates.keys()) {
                Names.check(name, files.problems());
                certificates
                        .object(name.value(), order -> order(name.value(), order))
                        .ifPresent(orders::add);
            }
            return true;
        });
        return new VaultConfig(
                settings, orders, vault.text("cache").map(files::resolve), vault.at("address"), vault.at("auth"));
    }

    private URI address(Text text) {
        Optional<URI> address = HttpUrl.of(text.value())
                .filter(url -> url.getPath().isEmpty() || url.getPath().equals("/"));
        if (address.isEmpty() && !text.isEmpty()) {
            files.problems().add(text.at(), "wrong value", HttpUrl.shown(text), "https://HOST:PORT, without a path");
        }
        address.ifPresent(url -> HttpUrl.requireSafe(
                text, url, "Weir's token, and all that it reads there,", "a Vault", files.problems()));
        return address.orElse(PLACEHOLDER);
    }

    private VaultLogIn logIn(YamlObject auth) {
        Optional<VaultLogIn> token = auth.text("tokenFile")
                .flatMap(text -> files.secretFile(text, "token file"))
                .map(VaultLogIn.TokenFile::new);
        Optional<VaultLogIn> appRole = auth.object("appRole", this::appRole);
        Optional<VaultLogIn> kubernetes = auth.object("kubernetes", this::kubernetes);
        int ways = (auth.has("tokenFile") ? 1 : 0) + (auth.has("appRole") ? 1 : 0) + (auth.has("kubernetes") ? 1 : 0);
        if (ways != 1) {
            files.problems()
                    .add(
                            auth.at(),
                            "Weir logs in to Vault in one way",
                            ways == 0 ? "none" : "several",
                            "one of appRole, kubernetes, tokenFile");
        }
        return appRole.or(() -> kubernetes).or(() -> token).orElse(NOBODY);
    }

    private VaultLogIn appRole(YamlObject role) {
        return new VaultLogIn.AppRole(
                role.text("mount").map(Text::value).orElse(VaultLogIn.AppRole.MOUNT),
                role.requiredText("roleId").value(),
                files.secretFile(role.requiredText("secretIdFile"), "secret id file")
                        .orElse(Path.of("")));
    }

    private VaultLogIn kubernetes(YamlObject account) {
        return new VaultLogIn.Kubernetes(
                account.text("mount").map(Text::value).orElse(VaultLogIn.Kubernetes.MOUNT),
                account.requiredText("role").value(),
                account.text("tokenFile").map(files::resolve).orElse(VaultLogIn.Kubernetes.TOKEN_FILE));
    }

    private CertificateOrder order(String name, YamlObject order) {
        Text role = order.requiredText("role");
        if (!role.isEmpty() && !ROLE.matcher(role.value()).matches()) {
            files.problems()
                    .add(
                            role.at(),
                            "wrong value",
                            '"' + role.value() + '"',
                            "where PKI is mounted, and the role in it, such as pki/weir");
        }
        List<HostName> hosts = new ArrayList<>();
        order.texts("hosts").forEach(text -> host(text).ifPresent(hosts::add));
        List<SpiffeId> ids = new ArrayList<>();
        order.texts("ids").forEach(text -> id(text).ifPresent(ids::add));
        if (!order.has("hosts") && !order.has("ids")) {
            files.problems().add(order.at(), "a certificate is for somebody", "neither", "\"hosts\" or \"ids\"");
        }
        Duration lifetime = order.duration("ttl", SECOND, DAY.multipliedBy(3650), DAY);
        if (hosts.isEmpty() && ids.isEmpty()) {
            hosts.add(new HostName("placeholder", false));
        }
        return new CertificateOrder(name, role.value(), CertificateRequest.of(ids, hosts, lifetime));
    }

    private Optional<HostName> host(Text text) {
        try {
            return Optional.of(HostName.of(text.value()));
        } catch (IdentityException e) {
            files.problems().add(text.at(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<SpiffeId> id(Text text) {
        var form = SPIFFE.matcher(text.value());
        try {
            if (form.matches()) {
                return Optional.of(SpiffeId.of(TrustDomain.of(form.group(1)), form.group(2)));
            }
            files.problems().add(text.at(), "wrong value", '"' + text.value() + '"', "spiffe://DOMAIN/NAME");
        } catch (IdentityException e) {
            files.problems().add(text.at(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }
}
