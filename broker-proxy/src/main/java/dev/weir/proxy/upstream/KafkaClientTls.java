package dev.weir.proxy.upstream;

import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemContext;
import dev.weir.proxy.tls.PemFile;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS of Kafka's own clients in Weir, by the same PEM files as that of the proxy. They are looked at for each new connection, so
 * that a certificate or authority that is replaced counts from then on; what Kafka brings reads them once. The paths come in
 * settings that Kafka knows, since Streams hands on no others to its clients: {@code ssl.truststore.location}, {@code
 * ssl.keystore.location} for the chain, and {@code ssl.keystore.key} for the file of its key.
 */
public final class KafkaClientTls implements SslEngineFactory {
    private static final String TRUST = "ssl.truststore.location";
    private static final String CHAIN = "ssl.keystore.location";
    private static final String KEY = "ssl.keystore.key";
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private @Nullable Reloading<SSLContext> context;

    /** Has a client use it. */
    static void put(UpstreamTls tls, Map<String, Object> settings) {
        settings.put("ssl.engine.factory.class", KafkaClientTls.class.getName());
        settings.put("ssl.endpoint.identification.algorithm", tls.verifyHostname() ? "https" : "");
        if (tls.trust() != null) {
            settings.put(TRUST, tls.trust().toString());
        }
        if (tls.certificate() != null && tls.key() != null) {
            settings.put(CHAIN, tls.certificate().toString());
            settings.put(KEY, tls.key().toString());
        }
    }

    @Override
    public void configure(Map<String, ?> configs) {
        Path trust = path(configs.get(TRUST));
        Path chain = path(configs.get(CHAIN));
        Path key = path(configs.get(KEY));
        List<Path> files =
                Stream.of(trust, chain, key).flatMap(Stream::ofNullable).toList();
        try {
            context = Reloading.open(
                    "Kafka client", files, (contents, renewal) -> context(trust, chain, key, List.copyOf(contents)));
        } catch (UnusableFileException e) {
            throw new KafkaException("TLS of a Kafka client in Weir: " + e.getMessage(), e);
        }
    }

    private static @Nullable Path path(@Nullable Object setting) {
        if (setting instanceof Password file) {
            return Path.of(file.value());
        }
        return setting == null ? null : Path.of(setting.toString());
    }

    private static SSLContext context(
            @Nullable Path trust, @Nullable Path chain, @Nullable Path key, List<byte[]> contents)
            throws UnusableFileException {
        int next = 0;
        PemFile authorities = trust == null ? null : new PemFile(trust.toString(), contents.get(next++));
        PemFile certificates = chain == null ? null : new PemFile(chain.toString(), contents.get(next++));
        PemFile own = key == null ? null : new PemFile(key.toString(), contents.get(next));
        return PemContext.of(authorities, certificates, own);
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
        Reloading<SSLContext> material = context;
        if (material == null) {
            throw new IllegalStateException("Kafka configures before it connects");
        }
        material.check();
        SSLEngine engine = material.current().createSSLEngine(peerHost, peerPort);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(PROTOCOLS);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        throw new UnsupportedOperationException("a client serves nobody");
    }

    /** Files that change are its own matter; other settings of a client never change. */
    @Override
    public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public @Nullable KeyStore keystore() {
        return null;
    }

    @Override
    public @Nullable KeyStore truststore() {
        return null;
    }

    @Override
    public void close() {}
}
