package dev.weir.topology.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.topology.state.v1.AuditRecord;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.view.SecurityView.EndedSession;
import dev.weir.topology.view.SecurityView.RefusedRead;
import dev.weir.topology.view.SecurityView.RefusedRead.Refusal;
import org.junit.jupiter.api.Test;

class AuditTableTest {
    private final AuditTable table = new AuditTable();

    private void seen(long id, Audit.Builder audit, long count, long firstMillis, long lastMillis) {
        audit.getClientBuilder()
                .setService("fraud")
                .setPrincipal("User:fraud")
                .setClientId("fraud-1")
                .setMechanism("MTLS")
                .setTls(true)
                .setListener("internal")
                .setSource("10.1.2.3");
        AuditRecord record = AuditRecord.newBuilder()
                .setCluster("main")
                .setAudit(audit)
                .setCount(count)
                .setFirstSeenMillis(firstMillis)
                .setLastSeenMillis(lastMillis)
                .build();
        table.accept(RecordKind.AUDIT, Hash64.key(RecordKind.AUDIT, id), record.toByteArray());
    }

    private static Audit.Builder refused(String reason) {
        return Audit.newBuilder()
                .setKind(Audit.Kind.READ_REFUSED)
                .setResourceType("TOPIC")
                .setResourceName("orders")
                .setOperation("READ")
                .setRule("orders/signed")
                .setRuleAt("orders.yaml:3")
                .setPolicyRevision("26b6c8")
                .setReason(reason);
    }

    @Test
    void readsThatWereRefusedAreCountedTheNewestFirst() {
        seen(1, refused("signature missing"), 3, 10, 20);
        seen(2, refused("signature wrong"), 1, 30, 40);

        assertThat(table.refusedReads(100))
                .extracting(RefusedRead::reason)
                .containsExactly("signature wrong", "signature missing");
        assertThat(table.refusedReads(20))
                .containsExactly(new RefusedRead(
                        "fraud",
                        "User:fraud",
                        "fraud-1",
                        "10.1.2.3",
                        "main",
                        "orders",
                        Refusal.SIGNATURE,
                        "signature missing",
                        "orders/signed",
                        "orders.yaml:3",
                        "26b6c8",
                        3,
                        10,
                        20));
        assertThat(table.denials(100)).isEmpty();
    }

    @Test
    void whatAReadWasRefusedForIsTold() {
        seen(1, refused("whatever it says").setReadRefusal(Audit.ReadRefusal.SIGNATURE), 1, 10, 10);
        seen(2, refused("signature of one").setReadRefusal(Audit.ReadRefusal.CANARY_GROUP), 1, 10, 9);
        seen(3, refused("what is not known yet").setReadRefusalValue(99), 1, 10, 8);
        seen(4, refused("signature missing"), 1, 10, 7);
        seen(5, refused("reads without being in the canary's group"), 1, 10, 6);

        assertThat(table.refusedReads(100))
                .extracting(RefusedRead::refusal)
                .containsExactly(
                        Refusal.SIGNATURE,
                        Refusal.CANARY_GROUP,
                        Refusal.OTHER,
                        Refusal.SIGNATURE,
                        Refusal.CANARY_GROUP);
    }

    @Test
    void sessionsThatEndedAreCountedTheNewestFirst() {
        Audit.Builder ended = Audit.newBuilder().setKind(Audit.Kind.SESSION_ENDED);
        seen(1, ended.setReason("its user has another password now"), 2, 10, 20);
        seen(2, ended.setReason("the authority took back its certificate"), 1, 30, 40);

        assertThat(table.endedSessions(100))
                .extracting(EndedSession::reason)
                .containsExactly("the authority took back its certificate", "its user has another password now");
        assertThat(table.endedSessions(20))
                .containsExactly(new EndedSession(
                        "fraud",
                        "User:fraud",
                        "MTLS",
                        true,
                        "internal",
                        "10.1.2.3",
                        "its user has another password now",
                        2,
                        10,
                        20));
        assertThat(table.failedLogIns(100)).isEmpty();
    }
}
