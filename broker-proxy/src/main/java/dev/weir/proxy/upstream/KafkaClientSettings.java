package dev.weir.proxy.upstream;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings with which Kafka's own clients reach a cluster the way that the proxy does. */
public final class KafkaClientSettings {
    private KafkaClientSettings() {}

    /**
     * Bootstrap servers, TLS and SASL, as Kafka names them. Certificates and passwords are read when a client is made, and again when
     * it connects.
     */
    public static Map<String, Object> of(ClusterConfig cluster) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                "bootstrap.servers",
                cluster.bootstrap().stream().map(Endpoint::toString).collect(Collectors.joining(",")));
        UpstreamTls tls = cluster.tls();
        UpstreamSasl sasl = cluster.sasl();
        settings.put("security.protocol", (sasl == null ? "" : "SASL_") + (tls == null ? "PLAINTEXT" : "SSL"));
        if (tls != null) {
            KafkaClientTls.put(tls, settings);
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
                            + " password=" + quoted(login.password())
                            + (login.passwordFile() == null ? "" : PasswordFileHandler.option(login.passwordFile()))
                            + ";");
            PasswordFileHandler.put(login, settings);
        } else if (sasl instanceof UpstreamSasl.Token token) {
            settings.put("sasl.jaas.config", TokenLoginHandler.jaas(token.endpoint()));
            settings.put("sasl.login.callback.handler.class", TokenLoginHandler.class.getName());
        }
    }

    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
