package dev.weir.proxy;

import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.mirror.MirrorFlow;
import dev.weir.proxy.mirror.MirrorFlows;
import dev.weir.proxy.mirror.MirrorLedger;
import dev.weir.proxy.tls.Validity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a proxy says of itself in reports: how many connections it has, where and how it listens, what its mirrors do. Any thread.
 *
 * <p>INVARIANT: it is less than {@value #BYTES_MAX} bytes, as brokers take a record of 1 MiB unless they are told otherwise: the routes of mirrors
 * are bounded where they are kept.
 */
final class ProxySelf implements Supplier<ProxyReport.Builder> {
    private static final Logger LOG = LoggerFactory.getLogger(ProxySelf.class);

    /** What is left of 1 MiB is for what the reporter adds. */
    static final int BYTES_MAX = 1_000_000;

    private static final int LISTENERS_BYTES_MAX = 64 << 10;

    private static final int ERROR_LENGTH_MAX = 300;

    /** Of more, each says less of its last error: all of them together are one record, for which a broker has a limit. */
    private static final int FEW_MIRRORS = 200;

    private static final int ERROR_OF_MANY_LENGTH_MAX = 60;

    private final List<ListenerConfig> configs;
    private final IntSupplier connections;
    private volatile Supplier<List<BoundListener>> bound = List::of;
    private volatile int listenersLeftOut;
    private volatile Supplier<MirrorFlows> mirrors = () -> MirrorFlows.NONE;

    ProxySelf(List<ListenerConfig> configs, IntSupplier connections) {
        this.configs = configs;
        this.connections = connections;
    }

    /** Where to ask for the listeners as they are bound. */
    void listensOn(Supplier<List<BoundListener>> listeners) {
        bound = listeners;
    }

    /** Where to ask for what mirrors did. */
    void mirrors(Supplier<MirrorFlows> flows) {
        mirrors = flows;
    }

    @Override
    public ProxyReport.Builder get() {
        ProxyReport.Builder report = ProxyReport.newBuilder().setConnections(connections.getAsInt());
        addListeners(report);
        MirrorFlows flows = mirrors.get();
        int errorLengthMax = flows.told().size() <= FEW_MIRRORS ? ERROR_LENGTH_MAX : ERROR_OF_MANY_LENGTH_MAX;
        flows.told().forEach(flow -> report.addMirrors(mirror(flow, errorLengthMax)));
        return report.addAllUntoldMirrorClusters(flows.untoldClusters());
    }

    private void addListeners(ProxyReport.Builder report) {
        int bytes = 0;
        int leftOut = 0;
        for (BoundListener listener : bound.get()) {
            for (ListenerConfig config : configs) {
                if (config.name().equals(listener.name())) {
                    ProxyReport.Listener said = listener(listener, config);
                    bytes += said.getSerializedSize();
                    if (bytes <= LISTENERS_BYTES_MAX) {
                        report.addListeners(said);
                    } else {
                        leftOut++;
                    }
                }
            }
        }
        if (leftOut > 0 && leftOut != listenersLeftOut) {
            LOG.atWarn()
                    .addKeyValue("listeners", leftOut)
                    .log(
                            "there are too many listeners to report all of them: the topology does not know the last ones");
        }
        listenersLeftOut = leftOut;
    }

    private static ProxyReport.Mirror mirror(MirrorFlow flow, int errorLengthMax) {
        MirrorLedger ledger = flow.ledger();
        String error = flow.lastError() == null ? "" : flow.lastError();
        return ProxyReport.Mirror.newBuilder()
                .setName(flow.route().mirror())
                .setCluster(flow.route().cluster())
                .setTopic(flow.route().topic())
                .setTargetCluster(flow.route().targetCluster())
                .setTargetTopic(flow.route().targetTopic())
                .setMirroredRecords(ledger.mirrored().records())
                .setMirroredBytes(ledger.mirrored().bytes())
                .setDroppedRecords(ledger.dropped().records())
                .setFailedRecords(ledger.failed().records())
                .setInFlightRecords(ledger.inFlight().records())
                .setPast(!flow.inForce())
                .setLastError(error.length() <= errorLengthMax ? error : error.substring(0, errorLengthMax))
                .setLastErrorMillis(
                        flow.lastErrorAt() == null ? 0 : flow.lastErrorAt().toEpochMilli())
                .build();
    }

    private static ProxyReport.Listener listener(BoundListener listener, ListenerConfig config) {
        ListenerTls tls = config.tls();
        Validity certificate = tls == null ? Validity.NONE : validity(tls.certificate());
        return ProxyReport.Listener.newBuilder()
                .setName(listener.name())
                .setCluster(listener.cluster())
                .setBootstrap(listener.bootstrap().toString())
                .setTls(tls != null)
                .setSasl(config.sasl() != null)
                .setClientCertificates(tls != null && tls.clientAuth() != ListenerTls.ClientAuth.NONE)
                .setCertificateNotBeforeMillis(certificate.notBeforeMillis())
                .setCertificateNotAfterMillis(certificate.notAfterMillis())
                .build();
    }

    /** Of the first certificate of a chain; none when it cannot be read. */
    private static Validity validity(Path chain) {
        try (InputStream in = Files.newInputStream(chain)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in) instanceof X509Certificate own
                    ? Validity.of(own)
                    : Validity.NONE;
        } catch (IOException | CertificateException e) {
            return Validity.NONE;
        }
    }
}
