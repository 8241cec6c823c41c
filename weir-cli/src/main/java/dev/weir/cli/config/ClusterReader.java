package dev.weir.cli.config;

import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one element of {@code clusters}. */
final class ClusterReader {
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
                cluster.object("sasl", this::sasl).orElse(null));
    }

    private UpstreamTls tls(YamlObject tls) {
        Optional<Path> trust = files.certificates(tls, "trust");
        Optional<Path> certificate = files.certificates(tls, "certificate");
        Optional<Path> key = files.privateKey(tls, "key", certificate);
        if (tls.has("certificate") != tls.has("key")) {
            String missing = tls.has("key") ? "certificate" : "key";
            files.problems().add(tls.at(), "\"certificate\" and \"key\" go together", "", "also \"" + missing + "\"");
        }
        return new UpstreamTls(
                trust.orElse(null), certificate.orElse(null), key.orElse(null), tls.bool("verifyHostname", true));
    }

    private UpstreamSasl sasl(YamlObject sasl) {
        sasl.choice("mechanism", Map.of("PLAIN", true));
        String username = sasl.requiredText("username").value();
        return files.secret(sasl, "passwordFile")
                .map(password -> new UpstreamSasl(username, password.value(), password.file()))
                .orElse(new UpstreamSasl(username, ""));
    }
}
