package dev.weir.cli.canary.gates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.canary.gates.GatedMesh.Gated;
import dev.weir.cli.canary.gates.Version.Commits;
import dev.weir.testkit.await.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * New versions that do something badly, each watched by one gate, and one that does all well and is watched by all of them: with brokers, a
 * proxy's reports, a topology and a controller. All of them begin at once, so that none of the tests waits for long. That {@code timeLag} aborts,
 * too, is in {@code DemoIT}.
 */
class CanaryGatesIT {
    /** Between two looks at the status, each of which is a command. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final String FOR_LONG = "10m";
    private static final Gated STUCK = new Gated("stuck", FOR_LONG, "processingTime: 4s");
    private static final Gated FAILING = new Gated("failing", FOR_LONG, "errorShare: 20%");
    private static final Gated PICKY = new Gated("picky", FOR_LONG, "deadLetterShare: 10%");
    private static final Gated RESTLESS = new Gated("restless", FOR_LONG, "rebalances: 2");
    /** The hold of its step is over long before, and goes on for as long as it has read nothing. */
    private static final Gated IDLE = new Gated("idle", "1s", "timeLag: 10s, onFailure: pause");

    private static final int IDLE_LIMIT_MILLIS = 10_000;
    private static final Gated GOOD = new Gated(
            "good", "1s", "processingTime: 1m, errorShare: 20%, deadLetterShare: 10%, rebalances: 5, timeLag: 1m");
    /** What has the rare key, and nothing else. */
    private static final String RARE = "match\n  match: {keys: [%s]}".formatted(GatedMesh.RARE_KEY);
    /** Its hold is longer than the limit, and long enough for a record: if it counted as late for what is not its own, it would be given up. */
    private static final Gated SELDOM =
            new Gated("seldom", RARE, "45s", "timeLag: 15s, processingTime: 15s, records: 1");

    private static final Gated HUNG = new Gated("hung", RARE, FOR_LONG, "timeLag: 15s, records: 1");
    private static final Gated WHOLE = new Gated("whole", "partition", FOR_LONG, "processingTime: 4s, records: 1");
    private static final List<Gated> ALL = List.of(STUCK, FAILING, PICKY, RESTLESS, IDLE, GOOD, SELDOM, HUNG, WHOLE);

    @TempDir
    private static Path folder;

    private static final List<Version> VERSIONS = new ArrayList<>();
    private static GatedMesh mesh;
    private static Version idle;

    @BeforeAll
    static void start() throws Exception {
        mesh = GatedMesh.start(folder, ALL);
        ALL.forEach(canary -> VERSIONS.add(mesh.stable(canary)));
        VERSIONS.add(mesh.canary(STUCK, 1, Commits.NOTHING, key -> GatedMesh.small(STUCK, key)));
        VERSIONS.add(mesh.canary(FAILING, 1, Commits.POSITION, key -> GatedMesh.tooLarge(FAILING, key)));
        VERSIONS.add(mesh.canary(PICKY, 1, Commits.POSITION, key -> GatedMesh.deadLetter(PICKY, key)));
        VERSIONS.add(mesh.canary(SELDOM, 1, Commits.RECORDS, key -> GatedMesh.small(SELDOM, key)));
        VERSIONS.add(mesh.canary(HUNG, 1, Commits.NOTHING, key -> GatedMesh.small(HUNG, key)));
        VERSIONS.add(mesh.canary(WHOLE, 1, Commits.NOTHING, key -> GatedMesh.small(WHOLE, key)));
        idle = mesh.idle(IDLE);
        VERSIONS.add(idle);
        Stream.of(RESTLESS, GOOD)
                .forEach(canary ->
                        VERSIONS.add(mesh.canary(canary, 1, Commits.POSITION, key -> GatedMesh.small(canary, key))));
    }

    @AfterAll
    static void stop() {
        VERSIONS.forEach(Version::close);
        mesh.close();
    }

    @Test
    void oneThatNeverCommitsWhatItWasHandedIsGivenUp() {
        awaitGivenUp(STUCK, "processingTime: processing time", "4 s");
    }

    @Test
    void oneWhoseWritesFailIsGivenUp() {
        awaitGivenUp(FAILING, "errorShare: share of errors", "20 %");
    }

    @Test
    void oneThatPutsTooManyRecordsAsideIsGivenUp() {
        awaitGivenUp(PICKY, "deadLetterShare: share of dead letters", "10 %");
    }

    @Test
    void oneWhoseMembersComeAndGoIsGivenUp() {
        awaitLong().untilAsserted(() -> {
            JsonNode status = mesh.status(RESTLESS);
            assertThat(phase(status)).as("%s", status).isEqualTo("holding");
            assertThat(status.path("canary").path("rebalances").asInt())
                    .as("those by which it came up do not count: %s", status)
                    .isZero();
        });
        awaitLong().until(() -> {
            try (Version second = mesh.canary(RESTLESS, 2, Commits.POSITION, key -> GatedMesh.small(RESTLESS, key))) {
                awaitLong().until(() -> second.isAssigned() || isAborted(RESTLESS)); // then nobody joins
            }
            return isAborted(RESTLESS);
        });
        awaitGivenUp(RESTLESS, "rebalances: number of rebalances", "2");
    }

    @Test
    void oneThatFallsBehindIsPausedWhereItIsAndGoesOnWhenItIsResumed() {
        awaitLong().untilAsserted(() -> {
            JsonNode status = mesh.status(IDLE);
            assertPaused(status);
            assertThat(status.path("canary").path("members").asInt())
                    .as("%s", status)
                    .isEqualTo(1);
            assertThat(mesh.audit()).containsPattern("CanaryChange canary idle: done.*: paused by gate timeLag");
        });

        idle.work();
        awaitLong().untilAsserted(() -> {
            JsonNode status = mesh.status(IDLE);
            assertThat(status.path("canary").path("lagMillis").asLong())
                    .as("it has caught up: %s", status)
                    .isBetween(0L, IDLE_LIMIT_MILLIS / 2L);
            assertPaused(status);
        });
        mesh.resume(IDLE);
        awaitDone(IDLE);
        assertThat(mesh.audit()).contains("it works now");
    }

    @Test
    void oneThatDoesWellPassesAllGatesAndGetsEverything() {
        awaitDone(GOOD);
    }

    /** It commits in one partition every half a minute, and in the other one never. */
    @Test
    void oneThatIsSeldomGivenARecordIsNotLateForThoseOfTheOtherSide() {
        awaitDone(SELDOM);
    }

    @Test
    void oneThatIsSeldomGivenARecordAndDoesNotCommitItIsGivenUp() {
        awaitGivenUp(HUNG, "timeLag: time lag", "15 s");
        assertThat(mesh.status(HUNG).path("canary").path("processingMillis").asLong())
                .as("since it was given it: %s", mesh.status(HUNG))
                .isPositive();
    }

    @Test
    void oneThatNeverCommitsWhatItWasHandedOfAWholePartitionIsGivenUp() {
        awaitGivenUp(WHOLE, "processingTime: processing time", "4 s");
    }

    /** Until it has everything, at the last of its steps. */
    private static void awaitDone(Gated canary) {
        awaitLong().untilAsserted(() -> {
            JsonNode status = mesh.status(canary);
            assertThat(phase(status)).as("%s", status).isNotEqualTo("aborted");
            assertThat(status.path("step").asInt()).as("%s", status).isEqualTo(1);
            assertThat(status.path("weightInForce").asDouble()).as("%s", status).isEqualTo(1);
        });
    }

    /** By its gate, and with the weight that it had. */
    private static void assertPaused(JsonNode status) {
        assertThat(phase(status)).as("%s", status).isEqualTo("paused");
        assertThat(status.path("reason").asText())
                .startsWith("By gate timeLag: time lag of the canary is ")
                .contains(", at most 10 s is allowed");
        assertThat(status.path("step").asInt()).as("%s", status).isZero();
        assertThat(status.path("weight").asDouble()).as("%s", status).isEqualTo(0.5);
        assertThat(status.path("weightInForce").asDouble()).as("%s", status).isEqualTo(0.5);
    }

    private static void awaitGivenUp(Gated canary, String gate, String limit) {
        awaitLong().untilAsserted(() -> {
            JsonNode status = mesh.status(canary);
            assertThat(phase(status)).as("%s", status).isEqualTo("aborted");
            assertThat(status.path("reason").asText())
                    .startsWith("By gate " + gate + " of the canary is ")
                    .contains(", at most " + limit + " is allowed");
            assertThat(status.path("weightInForce").asDouble()).as("%s", status).isZero();
            assertThat(mesh.audit())
                    .containsPattern("CanaryChange canary " + canary.name() + ": done.*: aborted by gate " + gate);
        });
    }

    private static boolean isAborted(Gated canary) {
        return phase(mesh.status(canary)).equals("aborted");
    }

    private static String phase(JsonNode status) {
        return status.path("phase").asText();
    }

    /** Gates take their time: what is rare has to be seen three times, or not for half a minute. */
    private static ConditionFactory awaitLong() {
        return Patience.awaitSettled().atMost(Patience.SETTLED.multipliedBy(2)).pollInterval(LOOK);
    }
}
