package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MirrorAccountsTest {
    private final MirrorAccounts accounts = new MirrorAccounts();

    private static MirrorRoute route(String mirror, String topic) {
        return new MirrorRoute(mirror, "main", topic, "staging", "mirror." + topic);
    }

    private void mirrored(String mirror, String topic, long records) {
        Amount amount = new Amount(records, records * 10);
        MirrorAccount account = accounts.of(route(mirror, topic));
        account.begun(amount);
        account.mirrored(amount, records);
    }

    @Test
    void theLedgerOfAMirrorIsTheSumOfItsTopics() {
        mirrored("copies", "orders", 5);
        accounts.of(route("copies", "payments")).failed(new Amount(2, 20), false, "denied");
        mirrored("copies", "payments", 7);
        mirrored("another", "orders", 1);

        MirrorAccounts.Summary copies = accounts.byMirror().get("copies");
        assertThat(copies.ledger().eligible()).isEqualTo(new Amount(14, 140));
        assertThat(copies.ledger().mirrored()).isEqualTo(new Amount(12, 120));
        assertThat(copies.ledger().failed()).isEqualTo(new Amount(2, 20));
        assertThat(copies.delayMillis()).as("of what arrived last").isEqualTo(7);
        assertThat(copies.lastError()).isNotNull();
        assertThat(copies.untold()).isFalse();
        assertThat(accounts.untoldClusters()).isEmpty();
        assertThat(accounts.byMirror().get("another").lastError()).isNull();
        assertThat(accounts.flows(route -> route.topic().equals("payments")))
                .filteredOn(flow -> flow.route().equals(route("copies", "payments")))
                .singleElement()
                .satisfies(flow -> {
                    assertThat(flow.lastError()).isEqualTo("denied");
                    assertThat(flow.ledger().mirrored().records()).isEqualTo(7);
                    assertThat(flow.inForce()).isTrue();
                });
    }

    @Test
    void namesOfRoutesHaveALimit() {
        String longest = "t".repeat(240);
        for (int i = 0; i < 1_000; i++) {
            mirrored("copies", longest + i, 1);
        }
        assertThat(accounts.flows(route -> true).stream()
                        .mapToLong(flow -> flow.route().namesBytes())
                        .sum())
                .isBetween(255_000L, 256L << 10);
        assertThat(accounts.untoldClusters()).containsExactly("staging");
        assertThat(accounts.byMirror().get("copies").ledger().mirrored().records())
                .isEqualTo(1_000);
    }

    @Test
    void whatIsTooMuchToBeToldApartIsStillInTheLedger() {
        for (int i = 0; i < 2_100; i++) {
            mirrored("copies", "topic-" + i, 1);
        }
        mirrored("copies", "topic-0", 1);
        for (int i = 0; i < 1_100; i++) {
            mirrored("mirror-" + i, "orders", 1);
        }
        assertThat(accounts.flows(route -> true)).hasSize(2_000);
        assertThat(accounts.untoldClusters()).containsExactly("staging");
        assertThat(accounts.byMirror().get("copies").untold()).isTrue();
        assertThat(accounts.byMirror().get("copies").ledger().mirrored().records())
                .isEqualTo(2_101);
        long all = accounts.byMirror().values().stream()
                .mapToLong(summary -> summary.ledger().mirrored().records())
                .sum();
        assertThat(all).isEqualTo(3_201);
        assertThat(accounts.byMirror()).hasSizeLessThanOrEqualTo(1_001).containsKey("others");
    }
}
