package dev.weir.topology.sample;

import dev.weir.topology.view.Health;
import dev.weir.topology.view.SecurityView;
import java.util.List;

/** What a security engineer sees of {@link SampleMesh}: one or two of each. */
final class SampleSecurity {
    private SampleSecurity() {}

    static SecurityView insights() {
        long now = SampleMesh.now();
        return new SecurityView(
                List.of(
                        new SecurityView.Finding(
                                "plaintext",
                                Health.BAD,
                                "User:batch-import",
                                "connects without TLS on listener legacy",
                                now - 4_000),
                        new SecurityView.Finding(
                                "bypass-producer",
                                Health.WARN,
                                "refunds",
                                "4,211 records were not seen by any proxy",
                                now - 20_000),
                        new SecurityView.Finding(
                                "certificate-expiring",
                                Health.WARN,
                                "internal",
                                "its certificate ends in 9 days",
                                now)),
                List.of(
                        new SecurityView.Denial(
                                false,
                                "analytics",
                                "User:analytics",
                                "analytics-7",
                                "10.1.9.4",
                                "topic",
                                "payments",
                                "read",
                                "(no rule allows it)",
                                "",
                                "9f3c2ab",
                                1_841,
                                now - 7_200_000,
                                now - 800),
                        new SecurityView.Denial(
                                true,
                                "reporting",
                                "User:reporting",
                                "reporting-1",
                                "10.1.9.8",
                                "topic",
                                "audit",
                                "read",
                                "audit-is-private",
                                "policies/audit.yaml:12",
                                "9f3c2ab",
                                96,
                                now - 7_200_000,
                                now - 61_000)),
                List.of(
                        new SecurityView.FailedLogIn(
                                "User:batch-import",
                                "PLAIN",
                                false,
                                "legacy",
                                "10.1.9.77",
                                "Invalid username or password",
                                412,
                                now - 7_200_000,
                                now - 3_000),
                        new SecurityView.FailedLogIn(
                                "",
                                "",
                                true,
                                "internal",
                                "",
                                "TLS handshake failed",
                                9,
                                now - 7_200_000,
                                now - 60_000)),
                List.of(new SecurityView.EndedSession(
                        "checkout",
                        "User:checkout",
                        "MTLS",
                        true,
                        "internal",
                        "10.1.2.9",
                        "the authority took back its certificate",
                        2,
                        now - 600_000,
                        now - 500_000)),
                List.of(new SecurityView.RefusedRead(
                        "warehouse",
                        "User:warehouse",
                        "warehouse-3",
                        "10.1.4.4",
                        "main",
                        "orders",
                        SecurityView.RefusedRead.Refusal.SIGNATURE,
                        "signature missing",
                        "orders-signed",
                        "policies/orders.yaml:21",
                        "9f3c2ab",
                        17,
                        now - 600_000,
                        now - 9_000)),
                List.of(new SecurityView.AdminAction(
                        "deployer", "User:deployer", "CreateTopics", "topic", "returns", "create", 1, now - 900_000)),
                List.of(
                        new SecurityView.AdminPower(
                                "deployer",
                                "create, delete",
                                "topic *",
                                "admins/topics",
                                "policies/admins.yaml:7",
                                1,
                                now - 900_000),
                        new SecurityView.AdminPower(
                                "storefront", "alter", "cluster", "admins/old", "policies/admins.yaml:9", 0, -1)),
                List.of(new SecurityView.UnusedGrant(
                        "warehouse-reads", "policies/logistics.yaml:8", "warehouse", "consume", "shipments, pay*")));
    }
}
