package dev.weir.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Client;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.schema.Reason;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditRoundTest {
    private static final Client CHECKOUT = Client.newBuilder()
            .setListener("internal")
            .setPrincipal("User:checkout")
            .build();
    private static final Decision NO = new Decision(false, true, new RuleRef("orders/no", "orders.yaml", 3, "r1"));

    private static AuditEvent denied(String topic) {
        return AuditEvent.denied("main", CHECKOUT, ResourceType.TOPIC, topic, Operation.READ, NO);
    }

    private static AuditEvent failed(String user, String source) {
        Client client = CHECKOUT.toBuilder()
                .setPrincipal("User:" + user)
                .setSource(source)
                .setMechanism("PLAIN")
                .build();
        return AuditEvent.logInFailed("main", client, "invalid username or password");
    }

    private static Map<Audit, Long> counts(AuditRound round) {
        Map<Audit, Long> counts = new HashMap<>();
        round.forEach((event, times) -> counts.put(event.what(), times.count()));
        return counts;
    }

    @Test
    void theSameThingIsToldOnceWithItsNumberAndTimes() {
        AuditRound first = new AuditRound();
        first.add(denied("orders"), 1_900);
        AuditRound second = new AuditRound();
        second.add(denied("orders"), 1_100);
        second.add(denied("payments"), 1_200);
        first.add(second);

        assertThat(first.size()).isEqualTo(2);
        first.forEach((event, times) -> {
            if (event.what().getResourceName().equals("orders")) {
                assertThat(times.count()).isEqualTo(2);
                assertThat(times.firstMillis()).isEqualTo(1_100);
                assertThat(times.lastMillis()).isEqualTo(1_900);
                assertThat(event.what().getRuleAt()).isEqualTo("orders.yaml:3");
            }
        });
    }

    private static AuditEvent violation(String example) {
        return AuditEvent.schemaViolation(
                "main",
                CHECKOUT,
                "orders",
                new RuleRef("orders", "orders.yaml", 3, "r1"),
                Reason.PAYLOAD,
                OnViolation.REJECT,
                example);
    }

    @Test
    void theFirstExampleStandsForAllThatIsTheSameThing() {
        AuditRound round = new AuditRound();
        round.add(violation("value by schema order.avsc: at lines[0].sku\n"), 1_000, 2);
        round.add(violation("value by schema order.avsc: at lines[7].sku"), 1_001, 3);

        round.forEach((event, times) -> {
            assertThat(event.told().getReason()).isEqualTo("payload: rejected");
            assertThat(event.told().getExample()).isEqualTo("value by schema order.avsc: at lines[0].sku?");
            assertThat(times.count()).isEqualTo(5);
        });
        assertThat(round.size()).isEqualTo(1);
    }

    @Test
    void whoeverTriesManyNamesFromManyPlacesFillsNothing() {
        AuditRound round = new AuditRound();
        for (int i = 0; i < 50_000; i++) {
            round.add(failed("user" + i, "10.0." + (i >> 8) + "." + (i & 255)), i);
        }

        assertThat(round.size()).isEqualTo(101);
        assertThat(round.overflow()).isZero();
        assertThat(counts(round).values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(50_000);
        Audit general = counts(round).keySet().stream()
                .filter(audit -> audit.getClient().getPrincipal().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(counts(round).get(general)).isEqualTo(49_900);
        assertThat(general.getClient().getSource()).isEmpty();
        assertThat(general.getClient().getListener()).isEqualTo("internal");
        assertThat(general.getReason()).isEqualTo("invalid username or password");
    }

    @Test
    void aFloodAtOneListenerTakesNoRoomFromOthers() {
        AuditRound round = new AuditRound();
        for (int i = 0; i < 1_000; i++) {
            round.add(failed("user" + i, "10.0.0.1"), i);
        }
        Client other = Client.newBuilder()
                .setListener("dashboard")
                .setPrincipal("nora")
                .setMechanism("OIDC")
                .build();
        AuditEvent ofOther = AuditEvent.logInFailed("main", other, "has not the role of a viewer");
        round.add(ofOther, 1);

        assertThat(counts(round)).hasSize(102).containsEntry(ofOther.what(), 1L);
    }

    @Test
    void whoeverTellsACanaryWhatHeMayNotFillsNothingFromManyPlaces() {
        AuditRound round = new AuditRound();
        for (int i = 0; i < 20_000; i++) {
            Client client = Client.newBuilder()
                    .setListener("dashboard")
                    .setPrincipal("anonymous")
                    .setSource("10.0." + (i >> 8) + "." + (i & 255))
                    .build();
            round.add(AuditEvent.canaryDenied("main", client, "payments-v2", "abort: no"), i);
        }

        assertThat(round.size()).isEqualTo(201);
        Audit general = counts(round).keySet().stream()
                .filter(audit -> audit.getClient().getSource().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(counts(round)).containsEntry(general, 19_800L);
        assertThat(general.getClient().getPrincipal()).isEqualTo("anonymous");
        assertThat(general.getRule()).isEqualTo("operators-only");
    }

    @Test
    void whoeverAsksForManyTopicsTakesNoRoomFromOthers() {
        AuditRound round = new AuditRound();
        for (int i = 0; i < 20_000; i++) {
            round.add(denied("topic-" + i), i);
        }
        Client other = CHECKOUT.toBuilder().setPrincipal("User:fraud").build();
        AuditEvent ofOther = AuditEvent.denied("main", other, ResourceType.TOPIC, "orders", Operation.READ, NO);
        round.add(ofOther, 1);

        assertThat(round.size()).isEqualTo(202);
        assertThat(counts(round)).containsEntry(ofOther.what(), 1L);
        assertThat(counts(round))
                .hasEntrySatisfying(
                        denied("").what(), count -> assertThat(count).isEqualTo(19_800L));
    }

    @Test
    void whatAClientSendsIsCutAndCleaned() {
        AuditEvent event = failed("a\nb\u001b[31m\u202eevil" + "x".repeat(1_000), "10.0.0.1");
        assertThat(event.what().getClient().getPrincipal())
                .startsWith("User:a?b?[31m?evil")
                .endsWith("...")
                .hasSizeLessThan(260);
    }
}
