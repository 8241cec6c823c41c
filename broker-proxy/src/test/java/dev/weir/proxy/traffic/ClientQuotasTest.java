package dev.weir.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.TestPolicy;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientQuotasTest {
    private final Quotas quotas = new Quotas();
    private final ClientQuotas client = new ClientQuotas(quotas);

    private static PolicySnapshot policy(String... specs) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: shop}
                spec: {identities: [{sasl: shop}]}
                ---
                """);
        for (int i = 0; i < specs.length; i++) {
            yaml.append("apiVersion: weir.dev/v1\nkind: Quota\nmetadata: {name: q" + i + "}\nspec: {service: shop, "
                    + specs[i] + "}\n---\n");
        }
        return TestPolicy.yaml(yaml.toString());
    }

    private void begin(PolicySnapshot policy, String user) {
        Subject subject = Subject.sasl(user, Mechanism.PLAIN, true, InetAddress.getLoopbackAddress());
        client.begin(policy.authorizer(subject, "").quotas());
    }

    @Test
    void aServiceWithoutQuotaIsNotAsked() {
        begin(policy("requests: 1"), "other");
        assertThat(client.isEmpty()).isTrue();
        assertThat(client.requested(1_000_000, false)).isZero();
        assertThat(quotas.status(policy("requests: 1")).get(0).requests()).isZero();
    }

    @Test
    void requestsAndTheirBytesCountAndTheLongestTimeIsTold() {
        PolicySnapshot policy = policy("requests: 10, produceBytes: 1KB, burst: 100ms", "produceBytes: 10KB");
        begin(policy, "shop");
        assertThat(client.requested(100, false)).isZero();
        // 1,000 bytes are a second of the first, less what has come back meanwhile; the second has them
        assertThat(client.requested(1_000, false)).isBetween(1, 1_000);
        QuotaStatus first = quotas.status(policy).get(0);
        assertThat(first.requests()).isEqualTo(2);
        assertThat(first.produceBytes()).isEqualTo(1_100);
        assertThat(first.throttled()).isEqualTo(1);
        assertThat(first.throttledMillis()).isBetween(1L, 1_000L);
        assertThat(quotas.status(policy).get(1).throttled()).isZero();
    }

    @Test
    void answersToFetchesCountWithTheirBytes() {
        PolicySnapshot policy = policy("fetchBytes: 1KB, requests: 1000, burst: 100ms");
        begin(policy, "shop");
        assertThat(client.requested(0, true)).isZero();
        assertThat(client.fetched(10_000, Set.of("orders"))).isBetween(9_000, 10_000);
        assertThat(quotas.status(policy).get(0).requests()).as("once").isEqualTo(1);
    }

    @Test
    void nobodyIsToldToBeQuietForMoreThanAMinute() {
        begin(policy("produceBytes: 1KB"), "shop");
        assertThat(client.requested(100_000_000, false)).isEqualTo(60_000);
    }

    @Test
    void ofTopicsOnlyWhatNamesThemCounts() {
        PolicySnapshot policy = policy("topics: [\"o*\"], produceBytes: 1KB, fetchBytes: 1KB, requests: 100");
        begin(policy, "shop");
        client.names("payments");
        assertThat(client.requested(50_000, false)).isZero();
        begin(policy, "shop");
        client.names("payments");
        client.names("orders");
        assertThat(client.requested(50_000, false)).isPositive();
        begin(policy, "shop");
        assertThat(client.requested(50_000, false))
                .as("named by the one before")
                .isZero();
        client.names("orders");
        assertThat(client.requested(0, true)).as("its answer counts").isZero();
        assertThat(client.fetched(5_000, Set.of("payments"))).isZero();
        assertThat(client.fetched(50_000, Set.of("payments", "orders"))).isPositive();
        QuotaStatus status = quotas.status(policy).get(0);
        assertThat(status.requests()).isEqualTo(2);
        assertThat(status.produceBytes()).isEqualTo(50_000);
        assertThat(status.fetchBytes()).isEqualTo(50_000);
    }

    @Test
    void aDryRunOnlyCounts() {
        PolicySnapshot policy = policy("produceBytes: 1KB, mode: dry-run");
        begin(policy, "shop");
        assertThat(client.requested(50_000, false)).isZero();
        QuotaStatus status = quotas.status(policy).get(0);
        assertThat(status.dryRun()).isEqualTo(1);
        assertThat(status.throttled()).isZero();
    }

    @Test
    void whatIsOwedOutlivesARevisionAndNotItsQuota() {
        PolicySnapshot first = policy("produceBytes: 1KB");
        begin(first, "shop");
        assertThat(client.requested(50_000, false)).isPositive();
        PolicySnapshot second = policy("produceBytes: 2KB");
        quotas.inForce(second);
        begin(second, "shop");
        assertThat(client.requested(1, false)).isPositive();
        quotas.inForce(policy());
        quotas.inForce(first);
        assertThat(quotas.status(first).get(0).produceBytes()).isZero();
    }
}
