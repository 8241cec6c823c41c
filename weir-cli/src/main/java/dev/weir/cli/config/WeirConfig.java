package dev.weir.cli.config;

import dev.weir.cli.export.OtlpSettings;
import dev.weir.identity.vault.VaultFiles;
import dev.weir.proxy.config.AuditConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ProxyConfig;
import org.jspecify.annotations.Nullable;

/**
 * All of {@code weir.yaml}.
 *
 * @param proxy clusters and listeners
 * @param policy where policy comes from
 * @param admin where the admin endpoint listens
 * @param reports where traffic is reported, or {@code null} for nowhere
 * @param topology the topology that runs beside the proxy, or {@code null} for none
 * @param otlp where metrics are sent, or {@code null} for nowhere
 * @param audit where the audit is written besides its topic
 * @param vault where some of the files come from, or {@code null}; who has the configuration follows and closes it
 */
public record WeirConfig(
        ProxyConfig proxy,
        PolicySettings policy,
        Endpoint admin,
        @Nullable ReportsConfig reports,
        @Nullable TopologyConfig topology,
        @Nullable OtlpSettings otlp,
        AuditConfig audit,
        @Nullable VaultFiles vault) {
    /** Only this machine sees it unless the configuration says otherwise. */
    public static final Endpoint ADMIN_DEFAULT = new Endpoint("127.0.0.1", 9190);
}
