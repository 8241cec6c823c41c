package dev.weir.cli.canary;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.cli.topology.SampleMesh;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.view.CanaryAnswer;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.CanaryOrder;
import dev.weir.topology.view.CanaryView;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CanaryCommandTest {
    private static final String LONG =
            "paused at 10% by gate errorShare: share of errors of the canary is 5 %, at most 1 % is allowed (stable: 0 %)";
    private static final long MINUTE = 60_000;

    private final Desk desk = new Desk();
    private Vertx vertx;
    private ApiServer api;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        api = ApiServer.start(vertx, "127.0.0.1", 0, SampleMesh.view(), desk, null)
                .await();
    }

    @AfterEach
    void stop() {
        api.close().await();
        vertx.close().await();
    }

    @Test
    void listShowsAllOfThem() {
        assertThat(shown("canary", "list")).containsPattern("payments-v2 +step 2 of 3, 15 min.* +10 % +120 ms +310 ms");
    }

    @Test
    void listSaysThatNobodyIsInOffice() {
        desk.canaries.set(0, canary(-1));
        assertThat(shown("canary", "list")).contains("Nothing moves: no controller of canaries has been heard.");
    }

    @Test
    void statusShowsOneInDetail() throws Exception {
        assertThat(shown("canary", "status", "payments-v2"))
                .startsWith("payments-v2  (team-payments)  step 2 of 3")
                .contains("  topics       orders, refunds\n")
                .contains("  weight       10 % of partitions, for ")
                .contains("  partitions   2 of 12 of orders: 0, 5\n  partitions   1 of 1 of refunds: 0\n")
                .containsPattern("around Weir +client id payments-v1-a at /10.1.2.3 in payments\n")
                .contains("  steps        1 % for 10 min, now 10 % for 30 min, 100 %\n")
                .containsPattern("group +payments +payments~canary\n")
                .containsPattern("members +2 +1\n")
                .containsPattern("late by +120 ms +310 ms +max 30 s held\n")
                .containsPattern("errors +- +5 % +max 1 % NOT HELD\n")
                .containsPattern("rebalances +2 +1 +max 3 held\n")
                .containsPattern("dead letters -  ")
                .contains("holds step 2 at 10%, by ada")
                .satisfies(shown -> assertThat(shown.lines())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80)))
                .satisfies(shown -> assertThat(shown.replaceAll("\\s+", " "))
                        .as("nothing is cut of what happened")
                        .contains(LONG));
        String json = ask("canary", "status", "payments-v2", "--json").out();
        assertThat(new ObjectMapper().readTree(json).path("phase").asText()).isEqualTo("holding");
        Result unknown = ask("canary", "status", "paymets-v2");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("policy has no canary paymets-v2; did you mean payments-v2?");
    }

    @Test
    void nothingIsCutAndEverythingBeginsInOneColumn() {
        String group = "reconciliation-of-payments-of-yesterday";
        desk.canaries.set(0, wide(group));
        String shown = shown("canary", "status", "payments-v2");
        assertThat(shown.replaceAll("\\s+", ""))
                .contains("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29")
                .doesNotContain("..");
        assertThat(shown)
                .contains("  topics       orders, refunds\n")
                .contains("  group        reconciliation-of-pay reconciliation-of-pay\n"
                        + "               ments-of-yesterday    ments-of-yesterday~ca\n"
                        + "                                     nary\n");
    }

    private static CanaryView wide(String group) {
        CanaryView other = canary(System.currentTimeMillis() + MINUTE);
        CanaryView.Version stable = other.stable();
        CanaryView.Version canary = other.canary();
        return new CanaryView(
                other.name(),
                other.owner(),
                other.topics(),
                other.phase(),
                other.reason(),
                other.strategy(),
                List.of(new CanaryView.OwnedPartitions(
                        "orders", IntStream.range(0, 30).boxed().toList(), 30)),
                other.weight(),
                other.weightInForce(),
                other.changing(),
                other.steps(),
                other.step(),
                other.sinceMillis(),
                other.untilMillis(),
                in(group, stable),
                in(group + "~canary", canary),
                other.gates(),
                other.records(),
                other.recordsMin(),
                other.onFailure(),
                other.history(),
                List.of(),
                List.of(),
                other.controllerMillis());
    }

    private static CanaryView.Version in(String group, CanaryView.Version version) {
        return new CanaryView.Version(
                version.service(), version.clients(), group, version.members(), 1, 1, 1, -1, -1, -1, -1);
    }

    @Test
    void aShadowIsShownWithoutAWeight() {
        desk.canaries.add(shadow());
        assertThat(shown("canary", "list")).containsPattern("payments-dark +shadow +- +120 ms +310 ms");
        assertThat(shown("canary", "status", "payments-dark"))
                .startsWith("payments-dark  (team-payments)  shadow\n  It reads everything.")
                .containsPattern("group +payments +payments~canary\n")
                .doesNotContain("weight", "steps", "of keys");
    }

    private static CanaryView shadow() {
        CanaryView other = canary(System.currentTimeMillis() + MINUTE);
        return new CanaryView(
                "payments-dark",
                other.owner(),
                other.topics(),
                CanaryView.Phase.SHADOWING,
                "It reads everything. What it writes is refused.",
                "shadow",
                List.of(),
                -1,
                -1,
                false,
                List.of(),
                -1,
                -1,
                -1,
                other.stable(),
                other.canary(),
                List.of(),
                0,
                0,
                "",
                List.of(),
                List.of(),
                List.of(),
                other.controllerMillis());
    }

    @Test
    void whatIsSaidIsPassedOnAndAnswered() {
        assertThat(shown("canary", "set", "payments-v2", "12.5%", "--reason", "half of them"))
                .isEqualToNormalizingNewlines("payments-v2: done\n");
        for (String action : List.of("pause", "resume", "promote", "abort")) {
            assertThat(ask("canary", action, "payments-v2", "--json").out()).contains("\"action\":\"" + action + "\"");
        }
        assertThat(desk.orders).extracting(CanaryOrder::weight).containsExactly("12.5%", "", "", "", "");
        assertThat(desk.orders.get(0).reason()).isEqualTo("half of them");
    }

    @Test
    void aRefusalIsANo() {
        desk.answer = new CanaryAnswer.Refused("it is aborted by ada; resume begins it anew");
        Result result = ask("canary", "promote", "payments-v2");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualToNormalizingNewlines("weir: payments-v2: it is aborted by ada; resume begins it anew\n");
    }

    @Test
    void whatCannotBeDoneSaysWhy() {
        desk.answer = new CanaryAnswer.UnknownCanary("payments-v2");
        assertThat(ask("canary", "abort", "paymets").err())
                .contains("There is no canary of this name. Found: paymets. Expected: payments-v2.");
        desk.answer = new CanaryAnswer.Unanswered("No controller of canaries has answered for 15 s.");
        Result unanswered = ask("canary", "abort", "payments-v2");
        assertThat(unanswered.exitCode()).isEqualTo(2);
        assertThat(unanswered.err()).contains("No controller of canaries has answered");
        desk.answer = new CanaryAnswer.InvalidWeight("a percentage from 0% to 100%");
        assertThat(ask("canary", "set", "payments-v2", "ten").err()).contains("Found: ten. Expected: a percentage");
        assertThat(weir("canary", "abort", "payments-v2", "--api", "http://127.0.0.1:1")
                        .err())
                .contains("nothing answers at http://127.0.0.1:1");
        assertThat(weir("canary").exitCode()).isEqualTo(2);
    }

    private String shown(String... arguments) {
        Result result = ask(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        return result.out();
    }

    private Result ask(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--api");
        all.add("http://127.0.0.1:" + api.port());
        return weir(all.toArray(String[]::new));
    }

    private static CanaryView canary(long controllerMillis) {
        long now = System.currentTimeMillis();
        return new CanaryView(
                "payments-v2",
                "team-payments",
                List.of("orders", "refunds"),
                CanaryView.Phase.HOLDING,
                "",
                "partition",
                List.of(
                        new CanaryView.OwnedPartitions("orders", List.of(0, 5), 12),
                        new CanaryView.OwnedPartitions("refunds", List.of(0), 1)),
                0.1,
                0.1,
                false,
                List.of(
                        new CanaryView.Step(0.01, 10 * MINUTE),
                        new CanaryView.Step(0.1, 30 * MINUTE),
                        new CanaryView.Step(1, -1)),
                1,
                now - 14 * MINUTE,
                now + 16 * MINUTE,
                new CanaryView.Version("payments", "version v1", "payments", 2, 34.6, 3, 120, -1, -1, -1, 2),
                new CanaryView.Version("payments", "version v2", "payments~canary", 1, 3.8, 1, 310, 0.05, -1, -1, 1),
                List.of(
                        new CanaryView.Gate("timeLag", 30_000, 310, CanaryView.Gate.State.HELD),
                        new CanaryView.Gate("errorShare", 0.01, 0.05, CanaryView.Gate.State.BROKEN),
                        new CanaryView.Gate("rebalances", 3, 1, CanaryView.Gate.State.HELD)),
                3_912,
                100,
                "abort",
                List.of(new CanaryView.WeightChange(now - 14 * MINUTE, 0.1)),
                List.of(
                        new CanaryView.Event(now - 14 * MINUTE, "holds step 2 at 10%", "ada"),
                        new CanaryView.Event(now - 15 * MINUTE, LONG, "")),
                List.of(new CanaryView.Bypass("payments", "payments-v1-a", "/10.1.2.3", "m-1")),
                controllerMillis);
    }

    private static final class Desk implements CanaryDesk {
        private final List<CanaryView> canaries =
                new CopyOnWriteArrayList<>(List.of(canary(System.currentTimeMillis() + MINUTE)));
        private final List<CanaryOrder> orders = new CopyOnWriteArrayList<>();
        private volatile CanaryAnswer answer = new CanaryAnswer.Obeyed("done");

        @Override
        public List<CanaryView> canaries() {
            return canaries;
        }

        @Override
        public CompletionStage<CanaryAnswer> tell(CanaryOrder order) {
            orders.add(order);
            return CompletableFuture.completedFuture(answer);
        }
    }
}
