package dev.weir.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
import dev.weir.mesh.Principal;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.decide.Verification;
import dev.weir.proxy.mirror.Amount;
import dev.weir.proxy.mirror.MirrorLedger;
import dev.weir.proxy.mirror.MirrorStatus;
import dev.weir.proxy.tls.CertificateRole;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.traffic.FaultStatus;
import dev.weir.proxy.traffic.QuotaStatus;
import dev.weir.schema.Reason;
import dev.weir.schema.registry.RegistryFailure;
import dev.weir.schema.registry.RegistryStats;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {

    @Test
    void countsForOneListenerDoNotShowOnAnother() {
        ProxyMetrics metrics = new ProxyMetrics(MeterProvider.noop().get("weir"));
        ListenerMetrics internal = metrics.listener("internal");

        internal.connectionAccepted();
        internal.connectionAccepted();
        internal.connectionClosed();
        internal.request(ApiKeys.FETCH.id);
        internal.request((short) -1);
        internal.request(Short.MAX_VALUE);
        internal.inFlightAdded();
        internal.inFlightAdded();
        internal.inFlightRemoved(2);
        internal.bytesUp(10);
        internal.bytesDown(1_000);
        internal.malformed(MalformedReason.BODY);
        internal.connectionRefused(RefusalReason.CREDENTIALS);

        assertThat(internal.connectionsAccepted()).isEqualTo(2);
        assertThat(internal.connectionsOpen()).isEqualTo(1);
        assertThat(internal.requests()).isEqualTo(1);
        assertThat(internal.requestsInFlight()).isZero();
        assertThat(internal.bytesUp()).isEqualTo(10);
        assertThat(internal.bytesDown()).isEqualTo(1_000);
        assertThat(internal.framesMalformed()).isEqualTo(1);
        assertThat(internal.connectionsRefused()).isEqualTo(1);
        assertThat(metrics.listener("internal")).isSameAs(internal);
        assertThat(metrics.listener("external").connectionsAccepted()).isZero();
    }

    private static MirrorStatus mirror() {
        Amount none = Amount.NONE;
        return new MirrorStatus(
                "m", "copy", new MirrorLedger(none, none, none, none, none, none), 0, null, null, false);
    }

    private static FaultStatus fault() {
        FaultPolicy policy = new FaultPolicy(
                new RuleRef("slow", "faults.yaml", 1, "test"),
                "shop",
                "",
                new FaultEffect.Delay(5),
                1,
                Set.of(),
                TopicTable.empty(),
                false,
                null);
        return new FaultStatus("slow", policy, 1, 0, 0);
    }

    private static QuotaStatus quota() {
        RuleRef rule = new RuleRef("shop", "quotas.yaml", 1, "test");
        return new QuotaStatus(
                new QuotaPolicy(rule, "shop", TopicTable.empty(), 1, 1, 1, 1_000, false), 1, 1, 1, 1, 1, 1);
    }

    @Test
    void everyMetricIsCollectedUnderItsName() {
        PrometheusMetricReader reader = PrometheusMetricReader.create();
        try (SdkMeterProvider provider =
                SdkMeterProvider.builder().registerMetricReader(reader).build()) {
            ProxyMetrics metrics = new ProxyMetrics(provider.get("weir"));
            metrics.listener("internal").request(ApiKeys.METADATA.id);
            metrics.listener("internal").denied(Optional.empty(), Operation.READ, ResourceType.TOPIC, true);
            metrics.listener("internal").schemas().checked("orders", Optional.of("checkout"), 2);
            metrics.listener("internal")
                    .schemas()
                    .violations("orders", Optional.empty(), Reason.PAYLOAD, OnViolation.REJECT, 2);
            metrics.listener("internal").schemas().deadLetters("bad", true, 1);
            metrics.listener("internal").propagation().patched(Optional.of("checkout"), false, 2, 1);
            metrics.listener("internal").propagation().refused(Errors.CORRUPT_MESSAGE, false);
            metrics.listener("internal").verification().verified("orders", null, Verification.STRIP, 3);
            metrics.listener("internal").sessionEnded(SessionEnd.EXPIRED);
            metrics.listener("internal").keysFetched(true);
            metrics.upstream("main").brokers(3);
            metrics.upstream("main").brokers(2);
            metrics.policy().inForce("4f2a");
            metrics.policy().failuresFrom(() -> 2);
            metrics.secrets()
                    .from(() -> List.of(new SecretMetrics.Secret("kv/data/a", Instant.EPOCH, Instant.EPOCH, 0)));
            CertificateStatus server = new CertificateStatus(
                    true, "internal", CertificateRole.SERVER, "CN=kafka", Instant.EPOCH, Instant.EPOCH.plusSeconds(60));
            metrics.certificates()
                    .from(() -> List.of(server), () -> Map.of("internal", true), () -> Map.of("main", false));

            metrics.schemaRegistries()
                    .from(() -> List.of(
                            new RegistryStats("main", 1, 1, 1, 1, 1, Map.of(RegistryFailure.TIMEOUT, 1L), null)));

            metrics.mirrors().from(() -> List.of(mirror()));
            metrics.faults().from(() -> List.of(fault()));
            metrics.canaries().from(() -> Map.of("payments-v2", 1));
            CanarySideMetrics side = metrics.canaries().side("payments-v2", Side.STABLE);
            side.records(3, 2, 1);
            side.held(CanaryHold.CHANGE, 4_000_000);
            side.refused(CanaryRefusal.NO_GROUP);
            metrics.quotas().from(() -> List.of(quota()));
            List<String> names = new ArrayList<>();
            reader.collect()
                    .forEach(snapshot -> names.add(snapshot.getMetadata().getPrometheusName()));
            assertThat(names)
                    .contains(
                            "weir_connections_open",
                            "weir_connections_accepted",
                            "weir_connections_refused",
                            "weir_requests",
                            "weir_requests_in_flight",
                            "weir_traffic_bytes",
                            "weir_sessions_ended",
                            "weir_jwks_fetches",
                            "weir_denials",
                            "weir_frames_malformed",
                            "weir_schema_checked",
                            "weir_schema_dead_letters",
                            "weir_schema_violations",
                            "weir_schema_registry_lookups",
                            "weir_schema_registry_waiting",
                            "weir_schema_registry_failures",
                            "weir_mirror_eligible",
                            "weir_mirror_records",
                            "weir_mirror_traffic_bytes",
                            "weir_mirror_in_flight",
                            "weir_mirror_delay_seconds",
                            "weir_faults",
                            "weir_faults_in_force",
                            "weir_canary_bypassing",
                            "weir_canary_topic_failing",
                            "weir_canary_records",
                            "weir_canary_held",
                            "weir_canary_held_time_seconds",
                            "weir_canary_refused",
                            "weir_quota_used",
                            "weir_quota_limit",
                            "weir_quota_throttled",
                            "weir_quota_throttle_time_seconds",
                            "weir_propagation_records",
                            "weir_propagation_removed",
                            "weir_propagation_refused",
                            "weir_verification_records",
                            "weir_upstream_connects",
                            "weir_upstream_failures",
                            "weir_upstream_brokers",
                            "weir_certificate_expiry_seconds",
                            "weir_certificate_validity_seconds",
                            "weir_certificate_refused",
                            "weir_secret_age_seconds",
                            "weir_secret_renewal_seconds",
                            "weir_secret_failures",
                            "weir_policy_revision",
                            "weir_policy_changes",
                            "weir_policy_failures");
            assertThat(names.stream().filter(name -> name.startsWith("weir_"))).hasSize(ProxyMetric.values().length);
            assertThat(metrics.upstream("main").brokers()).isEqualTo(2);
        }
    }

    @Test
    void sidesOfCanariesAreBounded() {
        CanaryMetrics canaries = new ProxyMetrics(MeterProvider.noop().get("weir")).canaries();
        CanarySideMetrics first = canaries.side("canary-0", Side.CANARY);
        for (int i = 0; i < 1_000; i++) {
            canaries.side("canary-" + i, Side.CANARY);
        }
        assertThat(canaries.side("canary-0", Side.CANARY)).isSameAs(first);
        assertThat(canaries.side("canary-0", Side.STABLE)).isSameAs(canaries.side("canary-999", Side.CANARY));
    }

    @Test
    void denialsAreCountedByModeAndPassedOn() {
        List<Denial> seen = new ArrayList<>();
        ProxyMetrics metrics = new ProxyMetrics(MeterProvider.noop().get("weir"));
        ProxyTelemetry telemetry = new ProxyTelemetry(metrics, seen::add);
        RuleRef rule = new RuleRef("orders/no-card", "orders.yaml", 12, "4f2a");
        Denial enforced = denial(new Decision(false, true, rule));
        Denial dryRun = denial(new Decision(false, false, rule));

        telemetry.denied(enforced);
        telemetry.denied(dryRun);
        telemetry.denied(dryRun);

        assertThat(seen).containsExactly(enforced, dryRun, dryRun);
        assertThat(metrics.listener("internal").denials(false)).isEqualTo(1);
        assertThat(metrics.listener("internal").denials(true)).isEqualTo(2);
    }

    @Test
    void attributesStayBoundedWhateverServicesComeAndGo() {
        ProxyMetrics metrics = new ProxyMetrics(MeterProvider.noop().get("weir"));
        ListenerMetrics internal = metrics.listener("internal");
        for (int i = 0; i < 5_000; i++) {
            internal.denied(Optional.of("service-" + i), Operation.WRITE, ResourceType.TOPIC, false);
        }
        assertThat(internal.denials(false)).isEqualTo(5_000);
        assertThat(metrics.denials.sum()).isEqualTo(5_000);
        assertThat(metrics.denials.size()).isLessThanOrEqualTo(ProxyMetrics.DENIAL_CELLS_MAX + 1);
    }

    private static Denial denial(Decision decision) {
        return new Denial(
                "internal",
                Principal.user("shipping"),
                Optional.of("shipping"),
                "shipping-1",
                ResourceType.TOPIC,
                "orders.card",
                Operation.READ,
                decision);
    }
}
