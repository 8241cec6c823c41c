package dev.weir.cli.config;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.config.OAuthBearerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls} and {@code sasl} of a listener. */
final class ListenerSecurityReader {
    private static final Path NONE = Path.of("");

    private static final Duration LIFETIME_MIN = Duration.ofSeconds(1);
    private static final Duration LIFETIME_MAX = Duration.ofDays(7);

    private static final Map<String, Mechanism> MECHANISMS = Map.of(
            Mechanism.PLAIN.wireName(), Mechanism.PLAIN,
            Mechanism.SCRAM_SHA_256.wireName(), Mechanism.SCRAM_SHA_256,
            Mechanism.SCRAM_SHA_512.wireName(), Mechanism.SCRAM_SHA_512,
            Mechanism.OAUTHBEARER.wireName(), Mechanism.OAUTHBEARER);
    private static final Map<String, ClientAuth> CLIENT_AUTH = Map.of(
            "none", ClientAuth.NONE,
            "optional", ClientAuth.OPTIONAL,
            "required", ClientAuth.REQUIRED);
    private static final Map<String, CertificatePrincipal> PRINCIPAL_FROM = Map.of(
            "san-uri", CertificatePrincipal.SAN_URI,
            "san-dns", CertificatePrincipal.SAN_DNS,
            "subject-cn", CertificatePrincipal.SUBJECT_CN,
            "subject", CertificatePrincipal.SUBJECT);
    private static final List<CertificatePrincipal> PRINCIPAL_FROM_DEFAULT =
            List.of(CertificatePrincipal.SAN_URI, CertificatePrincipal.SUBJECT);

    private final ReferencedFiles files;

    ListenerSecurityReader(ReferencedFiles files) {
        this.files = files;
    }

    ListenerTls tls(YamlObject tls) {
        tls.required("certificate", "a PEM file with this listener's certificate chain");
        tls.required("key", "a PEM file with the certificate's private key");
        Optional<Path> certificate = files.certificates(tls, "certificate");
        Optional<Path> key = files.privateKey(tls, "key", certificate);
        Optional<Path> clientCa = files.certificates(tls, "clientCa");
        boolean named = tls.has("clientCa");
        ClientAuth clientAuth =
                tls.choice("clientAuth", CLIENT_AUTH).orElse(named ? ClientAuth.REQUIRED : ClientAuth.NONE);
        if (clientAuth != ClientAuth.NONE && !named) {
            files.problems()
                    .add(
                            tls.at("clientAuth"),
                            "client certificates cannot be verified without \"clientCa\"",
                            "",
                            "a PEM file of the authorities that sign them");
        }
        if (clientAuth == ClientAuth.NONE && named) {
            files.problems()
                    .add(
                            tls.at("clientCa"),
                            "no client is asked for a certificate",
                            "clientAuth none",
                            "clientAuth optional or required, or no \"clientCa\"");
        }
        List<CertificatePrincipal> principalFrom = tls.choices("principalFrom", PRINCIPAL_FROM);
        return new ListenerTls(
                certificate.orElse(NONE),
                key.orElse(NONE),
                clientAuth,
                clientCa.orElse(null),
                principalFrom.isEmpty() ? PRINCIPAL_FROM_DEFAULT : principalFrom,
                files.revocations(tls, "crl", clientCa).orElse(null));
    }

    private List<Mechanism> mechanisms(YamlObject sasl) {
        if (!sasl.has("mechanisms")) {
            return List.of(Mechanism.PLAIN);
        }
        sasl.requiredValues("mechanisms", "at least one of " + String.join(", ", new TreeSet<>(MECHANISMS.keySet())));
        List<Mechanism> chosen =
                sasl.choices("mechanisms", MECHANISMS).stream().distinct().toList();
        // a placeholder where a mistake has been reported: nothing is started then
        return chosen.isEmpty() ? List.of(Mechanism.SCRAM_SHA_512) : chosen;
    }

    ListenerSasl sasl(YamlObject sasl, boolean tls) {
        List<Mechanism> mechanisms = mechanisms(sasl);
        Optional<Path> users = mechanisms.equals(List.of(Mechanism.OAUTHBEARER)) && !sasl.has("users")
                ? Optional.empty()
                : files.users(sasl, "users");
        Optional<OAuthBearerConfig> issuer = sasl.object("oauthBearer", new OAuthBearerReader(files)::read);
        if (mechanisms.contains(Mechanism.OAUTHBEARER)) {
            sasl.required("oauthBearer", "whose tokens are accepted: at least issuer and audience");
        }
        return sasl(sasl, tls, mechanisms, users.orElse(null), issuer.orElse(null));
    }

    /** Of a listener whose log-ins brokers decide. */
    ListenerSasl relayed(YamlObject sasl, boolean tls) {
        for (String key : List.of("users", "oauthBearer")) {
            if (sasl.has(key)) {
                files.problems()
                        .add(
                                sasl.at(key),
                                "brokers decide who logs in on this listener",
                                "credentials passThrough",
                                "no \"" + key + '"');
            }
        }
        return sasl(sasl, tls, mechanisms(sasl), null, null);
    }

    private ListenerSasl sasl(
            YamlObject sasl,
            boolean tls,
            List<Mechanism> mechanisms,
            @Nullable Path users,
            @Nullable OAuthBearerConfig issuer) {
        boolean allowWithoutTls = sasl.bool("allowWithoutTls", false);
        if (!tls && !allowWithoutTls) {
            if (mechanisms.contains(Mechanism.PLAIN)) {
                showsSecrets(sasl, "PLAIN shows passwords");
            } else if (mechanisms.contains(Mechanism.OAUTHBEARER)) {
                showsSecrets(sasl, "OAUTHBEARER shows tokens");
            }
        }
        return new ListenerSasl(
                mechanisms,
                users,
                issuer,
                allowWithoutTls,
                sasl.duration("sessionLifetimeMax", LIFETIME_MIN, LIFETIME_MAX, Duration.ZERO)
                        .toMillis());
    }

    private void showsSecrets(YamlObject sasl, String what) {
        files.problems()
                .add(
                        sasl.at(),
                        what + " to the network on a listener without TLS",
                        "no \"tls\"",
                        "\"tls\", or allowWithoutTls: true where nobody else is on the network");
    }
}
