package dev.weir.proxy.upstream;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings with which Kafka's own clients reach a cluster the way that the proxy does. */
public final class KafkaClientSettings {
    private KafkaClientSettings() {}

    /**
     * Bootstrap servers, TLS and SASL, as Kafka names them. Certificates are read now.
     *
     * @throws IOException when a file cannot be read
     */
    public static Map<String, Object> of(ClusterConfig cluster) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                "bootstrap.servers",
                cluster.bootstrap().stream().map(Endpoint::toString).collect(Collectors.joining(",")));
        UpstreamTls tls = cluster.tls();
        UpstreamSasl sasl = cluster.sasl();
        settings.put("security.protocol", (sasl == null ? "" : "SASL_") + (tls == null ? "PLAINTEXT" : "SSL"));
        if (tls != null) {
            putTls(tls, settings);
        }
        if (sasl != null) {
            settings.put("sasl.mechanism", sasl.mechanism().wireName());
            putLogIn(sasl, settings);
        }
        return settings;
    }

    private static void putLogIn(UpstreamSasl sasl, Map<String, Object> settings) {
        if (sasl instanceof UpstreamSasl.Password login) {
            String module = login.mechanism() == Mechanism.PLAIN ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
            settings.put(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security." + module + " required username=" + quoted(login.username())
                            + " password=" + quoted(login.password()) + ";");
        } else if (sasl instanceof UpstreamSasl.Token token) {
            settings.put("sasl.jaas.config", TokenLoginHandler.jaas(token.endpoint()));
            settings.put("sasl.login.callback.handler.class", TokenLoginHandler.class.getName());
        }
    }

    private static void putTls(UpstreamTls tls, Map<String, Object> settings) throws IOException {
        Path trust = tls.trust();
        if (trust != null) {
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.certificates", Files.readString(trust));
        }
        Path certificate = tls.certificate();
        Path key = tls.key();
        if (certificate != null && key != null) {
            settings.put("ssl.keystore.type", "PEM");
            settings.put("ssl.keystore.certificate.chain", Files.readString(certificate));
            settings.put("ssl.keystore.key", Files.readString(key));
        }
        settings.put("ssl.endpoint.identification.algorithm", tls.verifyHostname() ? "https" : "");
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
