package dev.weir.proxy;

import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.mirror.MirrorStatus;
import dev.weir.proxy.registry.RegistryStatus;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.traffic.FaultStatus;
import dev.weir.proxy.traffic.QuotaStatus;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A proxy at one moment. Holds no secrets.
 *
 * @param certificates those in force, of listeners first
 * @param signingProblems why files with keys of signatures are not in force as they are now; empty when all is well
 * @param schemaRegistries those that there are, and those that policy names besides
 * @param mirrors those that policy has, and those that it had
 * @param faults those that policy has, and those that it had
 * @param quotas those that policy has
 * @param connectionsOpen downstream connections of all listeners
 */
public record ProxyStatus(
        List<BoundListener> listeners,
        List<ClusterStatus> clusters,
        List<CertificateStatus> certificates,
        List<String> signingProblems,
        List<RegistryStatus> schemaRegistries,
        List<MirrorStatus> mirrors,
        List<FaultStatus> faults,
        List<QuotaStatus> quotas,
        int connectionsOpen) {

    /**
     * One cluster as Weir sees it.
     *
     * @param clusterId Kafka's id, or {@code null} until a broker answered
     * @param brokers the brokers' own addresses, by node id
     * @param lastError why the last question to it failed, or {@code null}
     * @param problems files with certificates or a password that changed and are not in force, topics of canaries that cannot be used, and why
     * @param canariesRead whether it is known which canaries have begun; until then clients wait
     * @param mirrorBytes memory that is set aside now for copies on their way there
     */
    public record ClusterStatus(
            String name,
            @Nullable String clusterId,
            SortedMap<Integer, Endpoint> brokers,
            @Nullable String lastError,
            List<String> problems,
            boolean canariesRead,
            long mirrorBytes) {}
}
