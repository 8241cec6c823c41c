package dev.weir.cli.config;

import dev.weir.cli.config.ClientTlsReader.ClientTls;
import dev.weir.mesh.Mechanism;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import dev.weir.proxy.config.CanaryConfig;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.MirrorConfig;
import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads one element of {@code clusters}. */
final class ClusterReader {
    private static final Map<String, Mechanism> MECHANISMS = Map.of(
            "PLAIN", Mechanism.PLAIN,
            "SCRAM-SHA-256", Mechanism.SCRAM_SHA_256,
            "SCRAM-SHA-512", Mechanism.SCRAM_SHA_512,
            "OAUTHBEARER", Mechanism.OAUTHBEARER);

    private static final long MIRROR_BYTES_MIN = 1L << 20;
    private static final long MIRROR_BYTES_MAX = 16L << 30;

    private static final String TOKEN_ENDPOINT_FORM =
            "the URL of a token endpoint, such as https://idp.example/realms/kafka/protocol/openid-connect/token";

    private final ReferencedFiles files;

    ClusterReader(ReferencedFiles files) {
        this.files = files;
    }

    ClusterConfig read(YamlObject cluster) {
        Text name = cluster.requiredText("name");
        Names.check(name, files.problems());
        List<Endpoint> bootstrap = new ArrayList<>();
        for (YamlValue value : cluster.requiredValues("bootstrap", "a list of brokers, each HOST:PORT")) {
            value.text()
                    .flatMap(text -> Endpoints.parseRemote(text, files.problems()))
                    .ifPresent(bootstrap::add);
        }
        return new ClusterConfig(
                name.value(),
                bootstrap,
                cluster.object("tls", this::tls).orElse(null),
                cluster.object("sasl", this::sasl).flatMap(Function.identity()).orElse(null),
                cluster.object("mirrors", ClusterReader::mirrors).orElse(MirrorConfig.DEFAULT),
                cluster.object("canaries", ClusterReader::canaries).orElse(CanaryConfig.DEFAULT));
    }

    private static MirrorConfig mirrors(YamlObject mirrors) {
        MirrorConfig usual = MirrorConfig.DEFAULT;
        return new MirrorConfig(
                mirrors.integer("memoryBytesMax", MIRROR_BYTES_MIN, MIRROR_BYTES_MAX, usual.memoryBytesMax()),
                (int) mirrors.duration(
                                "deliveryTimeout",
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(10),
                                Duration.ofMillis(usual.deliveryTimeoutMillis()))
                        .toMillis());
    }

    private static CanaryConfig canaries(YamlObject canaries) {
        return new CanaryConfig(canaries.duration(
                        "memberGrace",
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(30),
                        Duration.ofMillis(CanaryConfig.DEFAULT.memberGraceMillis()))
                .toMillis());
    }

    private UpstreamTls tls(YamlObject tls) {
        ClientTls read = new ClientTlsReader(files).read(tls);
        return new UpstreamTls(read.trust(), read.certificate(), read.key(), tls.bool("verifyHostname", true));
    }

    private Optional<UpstreamSasl> sasl(YamlObject sasl) {
        Mechanism mechanism = sasl.choice("mechanism", MECHANISMS).orElse(Mechanism.PLAIN);
        if (mechanism == Mechanism.OAUTHBEARER) {
            return token(sasl).map(UpstreamSasl.Token::new);
        }
        String username = sasl.requiredText("username").value();
        return Optional.of(files.secret(sasl, "passwordFile")
                .map(password -> new UpstreamSasl.Password(mechanism, username, password.value(), password.file()))
                .orElse(new UpstreamSasl.Password(mechanism, username, "")));
    }

    private Optional<TokenEndpoint> token(YamlObject sasl) {
        Text url = sasl.requiredText("tokenEndpoint");
        String clientId = sasl.requiredText("clientId").value();
        String secret = files.secret(sasl, "clientSecretFile")
                .map(ReferencedFiles.Secret::value)
                .orElse("");
        String scope = sasl.text("scope").map(Text::value).orElse(null);
        Path trust = files.certificates(sasl, "trust").orElse(null);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        Optional<URI> endpoint = HttpUrl.parse(url, TOKEN_ENDPOINT_FORM, files.problems());
        endpoint.ifPresent(
                uri -> HttpUrl.requireSafe(url, uri, "the client's secret", "a token endpoint", files.problems()));
        return endpoint.map(uri -> new TokenEndpoint(uri, clientId, secret, scope, trust));
    }
}
