package dev.weir.proxy.mirror;

import static dev.weir.proxy.mirror.MirrorIT.acknowledged;
import static dev.weir.proxy.mirror.MirrorIT.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.await.Patience;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that take nothing for a while: what is made of the time, and what comes after it. */
class MirrorRecoveryIT {
    @TempDir
    private static Path folder;

    private static MirrorMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = new MirrorMesh(folder);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @Test
    void aTargetThatGoesAndComesBackGetsWhatWaited() throws Exception {
        mesh.main.createTopic("away-1", 1);
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, "away-1", 100, ""));
            mesh.settled("away", 100);
            mesh.staging.stopBroker(1);
            acknowledged(send(producer, "away-1", 100, "again"));
            assertThat(mesh.mirror("away").ledger().inFlight().records()).isEqualTo(100);
            mesh.staging.startBroker(1);
            acknowledged(send(producer, "away-1", 100, "and again"));
        }
        MirrorLedger ledger = mesh.settled("away", 300);
        assertThat(ledger.mirrored().records()).isEqualTo(300);
        List<String> copies = MirrorMesh.texts(mesh.staging, "mirror.away-1", 0);
        assertThat(copies.stream().distinct().collect(Collectors.toList()))
                .isEqualTo(MirrorMesh.texts(mesh.main, "away-1", 0));
    }

    /** Sends until copies arrive again, and a few more. */
    private static void sendUntilMirrored(String kind) {
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            Patience.awaitSettled().until(() -> {
                acknowledged(send(producer, kind + "-1", 1, "later"));
                return mesh.mirror(kind).ledger().mirrored().records() > 0;
            });
        }
    }

    /** Nothing of it is lost count of, and what arrived is in order. */
    private static void isCounted(String kind, String target) throws Exception {
        MirrorLedger ledger = mesh.settled(kind, MirrorMesh.size(mesh.main, kind + "-1", 1));
        List<String> sent = MirrorMesh.texts(mesh.main, kind + "-1", 0);
        List<String> copies = MirrorMesh.texts(mesh.staging, target, 0);
        assertThat(ledger.eligible().records()).isEqualTo(sent.size());
        assertThat(ledger.mirrored().records()).isEqualTo(copies.size());
        assertThat(ledger.failed().records()).isEqualTo(sent.size() - copies.size());
        assertThat(sent).containsSubsequence(copies);
    }

    @Test
    void whatADeadTargetWouldGetIsCountedAtOnceAndGoesAgainWhenItIsBack() throws Exception {
        mesh.main.createTopic("gone-1", 1);
        mesh.staging.stopBroker(1);
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, "gone-1", 100, ""));
            mesh.settled("gone", 100);
            for (int round = 2; round <= 5; round++) {
                acknowledged(send(producer, "gone-1", 100, ""));
                MirrorLedger ledger = mesh.mirror("gone").ledger();
                assertThat(ledger.eligible().records()).isEqualTo(100 * round);
                assertThat(ledger.failed()).as("nothing waits for it").isEqualTo(ledger.eligible());
                assertThat(mesh.memoryBytes("gone")).isZero();
            }
        } finally {
            mesh.staging.startBroker(1);
        }
        assertThat(mesh.mirror("gone").lastError()).contains("took nothing in time: ");
        sendUntilMirrored("gone");
        isCounted("gone", "mirror.gone-1");
    }

    @Test
    void aTopicThatIsThereAtLastGetsWhatComesThen() throws Exception {
        mesh.main.createTopic("absent-1", 1);
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, "absent-1", 100, ""));
        }
        MirrorLedger ledger = mesh.settled("absent", 100);
        assertThat(ledger.failed()).isEqualTo(ledger.eligible());
        mesh.staging.createTopic("mirror.absent-1", 1);
        sendUntilMirrored("absent");
        isCounted("absent", "mirror.absent-1");
    }

    private static boolean isInStaging(String topic) throws Exception {
        return mesh.staging.admin().listTopics().names().get().contains(topic);
    }

    @Test
    void aTopicThatIsDeletedIsMadeAgainByWhatComesThen() throws Exception {
        String target = "mirror.deleted-1";
        mesh.main.createTopic("deleted-1", 1);
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, "deleted-1", 100, ""));
            mesh.settled("deleted", 100);
            mesh.staging.admin().deleteTopics(List.of(target)).all().get();
            Patience.awaitSettled().until(() -> !isInStaging(target));
            Patience.awaitSettled().until(() -> {
                acknowledged(send(producer, "deleted-1", 1, "later"));
                return isInStaging(target);
            });
        }
        MirrorLedger ledger = mesh.settled("deleted", MirrorMesh.size(mesh.main, "deleted-1", 1));
        List<String> copies = MirrorMesh.texts(mesh.staging, target, 0);
        assertThat(copies).isNotEmpty();
        assertThat(MirrorMesh.texts(mesh.main, "deleted-1", 0)).containsSubsequence(copies);
        assertThat(ledger.mirrored().records()).isGreaterThanOrEqualTo(100 + copies.size());
    }

    @Test
    void aTopicThatWeirMayWriteToAtLastGetsWhatComesThen() throws Exception {
        mesh.main.createTopic("barred-1", 1);
        mesh.staging.createTopic("barred.barred-1", 1);
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, "barred-1", 100, ""));
        }
        MirrorLedger ledger = mesh.settled("barred", 100);
        assertThat(ledger.failed()).isEqualTo(ledger.eligible());
        mesh.unbar();
        sendUntilMirrored("barred");
        isCounted("barred", "barred.barred-1");
    }
}
