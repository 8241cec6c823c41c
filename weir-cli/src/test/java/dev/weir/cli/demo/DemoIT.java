package dev.weir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.CommandLineHarness;
import dev.weir.cli.logging.LogLevel;
import dev.weir.cli.logging.Logging;
import dev.weir.cli.mesh.ErrorLog;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person would try it, in one run. */
class DemoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static final StringWriter SHOWN = new StringWriter();
    private static DemoScreen screen;
    private static Demo demo;
    /** Somebody else, who was faster. */
    private static ServerSocket taken;

    @BeforeAll
    static void start() throws IOException {
        taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ErrorLog errors = ErrorLog.of(Logging.forDemo(LogLevel.ERROR));
        screen = new DemoScreen(new PrintWriter(SHOWN), Clock.systemUTC());
        demo = Demo.start(
                new DemoSettings(0, taken.getLocalPort(), 0, Optional.of(folder)),
                new DemoSettings(0, 0, 0, Optional.of(folder)),
                screen,
                errors);
    }

    @AfterAll
    static void stop() throws IOException {
        demo.close();
        screen.close();
        taken.close();
    }

    /** Two demos that are started at once both find the usual ports free. */
    @Test
    void whoIsTooLateForAPortTakesAnother() {
        assertThat(SHOWN.toString()).contains("ports    were taken meanwhile; Weir takes others");
        assertThat(demo.adminUrl()).startsWith("http://127.0.0.1:").doesNotEndWith(":" + taken.getLocalPort());
    }

    @Test
    void trafficIsAllowedDeniedAndDryRunAndACommitChangesThat() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            DemoSummary summary = demo.summary();
            assertThat(summary.produced()).isPositive();
            assertThat(summary.consumed()).isPositive();
            assertThat(summary.denied()).isPositive();
            assertThat(summary.dryRunDenied()).isPositive();
        });
        assertThat(demo.records("shipping", false, Shop.ORDERS)).isZero();
        String before = demo.summary().policyRevision();
        assertThat(status().path("ready").asBoolean()).isTrue();

        commit(
                "Let shipping read orders",
                orders -> orders.replaceFirst("id: not-shipping, deny:", "id: not-shipping, allow:")
                        .replace(
                                "as: shipping, do: consume, topic: orders, expect: deny",
                                "as: shipping, do: consume, topic: orders, expect: allow"));
        await().atMost(PATIENCE).until(() -> demo.records("shipping", false, Shop.ORDERS) > 0);
        assertThat(demo.summary().policyRevision()).isNotEqualTo(before);

        // a mistake changes nothing
        String good = demo.summary().policyRevision();
        commit("A mistake", orders -> orders.replace("services: [checkout]", "services: [chekout]"));
        await().atMost(PATIENCE)
                .until(() -> status().path("policy").path("lastError").asText().contains("chekout"));
        assertThat(demo.summary().policyRevision()).isEqualTo(good);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(audit("policyRefused"))
                        .containsPattern("REFUSED +- +[0-9a-f]{14} is not taken \\(by .+ <.+>\\): .*chekout"));

        // revoked on an open connection, in the middle of its fetch session
        commit(
                "Take it back",
                orders -> orders.replace("services: [chekout]", "services: [checkout]")
                        .replaceFirst("id: not-shipping, allow:", "id: not-shipping, deny:")
                        .replace(
                                "as: shipping, do: consume, topic: orders, expect: allow",
                                "as: shipping, do: consume, topic: orders, expect: deny"));
        await().atMost(PATIENCE).until(() -> !demo.summary().policyRevision().equals(good));
        long denied = demo.summary().denied();
        await().atMost(PATIENCE).until(() -> demo.summary().denied() > denied);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(SHOWN.toString())
                        .contains("allowed  checkout   produce  orders       by orders/write (orders.yaml:")
                        .contains("DENIED   shipping   consume  orders       by orders/not-shipping (orders.yaml:")
                        .contains("allowed  shipping   consume  orders       by ")
                        .contains("dry-run  analytics  consume  orders       passes; would be denied by"));
    }

    @Test
    void theMapShowsWhoTalksToWhomAndWhoIsDenied() {
        await().atMost(PATIENCE).until(() -> demo.dashboardUrl().isPresent());
        String api = demo.dashboardUrl().orElseThrow();
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode topology = new ObjectMapper()
                    .readTree(CommandLineHarness.weir("topology", "--json", "--api", api)
                            .out());
            assertThat(edge(topology, "checkout", "orders")
                            .path("recordsPerSecond")
                            .asDouble())
                    .isBetween(1.0, 10.0);
            // by versions, of which the second takes over meanwhile
            assertThat(edges(topology, "orders", "payments"))
                    .extracting(edge -> edge.path("version").asText())
                    .containsAnyOf("v1", "v2");
            assertThat(edges(topology, "orders", "payments").stream()
                            .mapToDouble(edge -> edge.path("recordsPerSecond").asDouble())
                            .sum())
                    .isBetween(1.0, 10.0);
            assertThat(edge(topology, "orders", "analytics").path("status").asText())
                    .isEqualTo("dryRunDenied");
            assertThat(edge(topology, "orders", "shipping").path("denied").asLong())
                    .isPositive();
            assertThat(edge(topology, "payments", "shipping").path("allowed").asText())
                    .isEqualTo("yes");
        });
        assertThat(demo.summary().dashboard()).isEqualTo(api);
    }

    @Test
    void badRecordsAreRejectedOrKeptAndItIsSaidWhatWasWrong() {
        await().atMost(PATIENCE).until(() -> demo.dashboardUrl().isPresent());
        String api = demo.dashboardUrl().orElseThrow();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(demo.summary().rejected()).isPositive();
            assertThat(demo.summary().quarantined()).isPositive();
            assertThat(SHOWN.toString())
                    .contains("REJECTED checkout   produce  orders       a record lacks a field.")
                    .contains("checkout was told: value by schema order.avsc: at amount (byte ")
                    .contains("KEPT     payments   produce  payments     a record lacks a field.")
                    .containsPattern("at paid .* kept in topic payments.bad, partition 0, offset 0");
            assertThat(CommandLineHarness.weir("schema", "coverage", "--api", api)
                            .out())
                    .contains("2 of 2 topics that are written to are guarded by a schema")
                    .containsPattern("orders  reject, by orders-schema \\(schemas.yaml:\\d+\\)")
                    .containsPattern("  <- payments v1 +\\d+ checked +[1-9]\\d* bad  9\\d.* % valid")
                    .contains("payments  quarantine to payments.bad, by payments-schema");
            JsonNode coverage = new ObjectMapper()
                    .readTree(CommandLineHarness.weir("schema", "coverage", "--json", "--api", api)
                            .out());
            assertThat(coverage.path("topicsGuarded").asInt()).isEqualTo(2);
            assertThat(coverage.path("checked").path("validShare").asDouble()).isBetween(0.9, 0.999);
            assertThat(CommandLineHarness.weir("audit", "--kind", "schemaViolation", "--api", api)
                            .out())
                    .containsPattern(
                            "schema +checkout +records for topic orders, payload: rejected by orders-schema .*; the"
                                    + " first: value by schema .*: at .*, expected ");
        });
    }

    @Test
    void invoicingFallsBehindBreaksItsObjectiveAndRecovers() {
        await().atMost(PATIENCE).until(() -> demo.dashboardUrl().isPresent());
        await().atMost(PATIENCE).until(() -> invoicingLateMillis() > 5_000);
        await().atMost(PATIENCE)
                .until(() -> lag().path("slos").findValuesAsText("alert").contains("page"));
        await().atMost(PATIENCE).until(() -> {
            long late = invoicingLateMillis();
            return late >= 0 && late < 3_000;
        });
    }

    private static long invoicingLateMillis() throws IOException {
        for (JsonNode group : lag().path("groups")) {
            if (group.path("group").asText().equals("invoicing-1")) {
                return group.path("lagMillis").asLong();
            }
        }
        return -1;
    }

    private static JsonNode lag() throws IOException {
        String api = demo.dashboardUrl().orElseThrow();
        return new ObjectMapper()
                .readTree(CommandLineHarness.weir("lag", "--json", "--api", api).out());
    }

    private static JsonNode edge(JsonNode topology, String from, String to) {
        return edges(topology, from, to).stream().findFirst().orElse(MissingNode.getInstance());
    }

    private static List<JsonNode> edges(JsonNode topology, String from, String to) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode edge : topology.path("edges")) {
            if (edge.path("fromName").asText().equals(from)
                    && edge.path("toName").asText().equals(to)) {
                found.add(edge);
            }
        }
        return found;
    }

    @Test
    void aNewVersionTakesOverABadOneIsGivenUpAndNoOrderIsLost() {
        await().atMost(PATIENCE).until(() -> demo.dashboardUrl().isPresent());
        String api = demo.dashboardUrl().orElseThrow();
        await().atMost(PATIENCE.multipliedBy(2)).untilAsserted(() -> {
            assertThat(CommandLineHarness.weir("canary", "status", Shop.GOOD_CANARY, "--api", api)
                            .out())
                    .contains("holds step 1 at 10%", "holds step 2 at 50%", "at 100%");
            assertThat(CommandLineHarness.weir("canary", "status", Shop.BAD_CANARY, "--api", api)
                            .out())
                    .contains("abort", "max 4.0 s");
            assertThat(audit("admin"))
                    .containsPattern(
                            "CanaryChange canary " + Shop.GOOD_CANARY + ": done.*: weight 10% in force as epoch")
                    .containsPattern("CanaryChange canary " + Shop.BAD_CANARY + ": done.*: aborted by gate ");
        });
        await().atMost(PATIENCE).untilAsserted(() -> {
            ChargeLedger.Count count = demo.ledger();
            assertThat(count.stableProcessed()).isPositive();
            assertThat(count.canaryProcessed()).isPositive();
            assertThat(count.lost())
                    .as("lost, once those on their way are there")
                    .isZero();
            assertThat(count.ownedByBoth()).isZero();
            assertThat(count.stableProcessed() + count.canaryProcessed()).isEqualTo(count.produced());
        });
    }

    private static String audit(String kind) {
        return CommandLineHarness.weir(
                        "audit", "--kind", kind, "--api", demo.dashboardUrl().orElseThrow())
                .out();
    }

    @Test
    void theAuditSaysWhoWasDeniedWhoLoggedInAndWhoChangedPolicy() {
        await().atMost(PATIENCE).until(() -> demo.dashboardUrl().isPresent());
        String api = demo.dashboardUrl().orElseThrow();
        await().atMost(PATIENCE).untilAsserted(() -> {
            String audit = CommandLineHarness.weir("audit", "--api", api).out();
            assertThat(audit)
                    .containsPattern(
                            "DENIED +shipping +read topic orders by orders/not-shipping \\(orders.yaml:\\d+\\)")
                    .containsPattern("log-in +shipping +by PLAIN without TLS on shop ")
                    .containsPattern("log-in +checkout +by .* on shop-mtls ")
                    .containsPattern("log-in +fraud +by OAUTHBEARER .* on shop-tokens ")
                    .containsPattern("policy +- +[0-9a-f]{14} is in force \\(by .+ <.+>\\)");
        });
    }

    @Test
    void aConnectionSaysWhoItIsAndWhy() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            String connected = CommandLineHarness.weir(
                            "connections", "--json", "--service", "fraud", "--api", demo.adminUrl())
                    .out();
            JsonNode first =
                    new ObjectMapper().readTree(connected.lines().findFirst().orElse("{}"));
            assertThat(first.path("principal").asText()).isEqualTo("User:fraud");
            assertThat(first.path("mechanism").asText()).isEqualTo("OAUTHBEARER");
            assertThat(first.path("authenticated").asBoolean()).isTrue();
            String explained = CommandLineHarness.weir(
                            "identity",
                            "explain",
                            "--connection",
                            first.path("id").asText(),
                            "--api",
                            demo.adminUrl())
                    .out();
            assertThat(explained)
                    .contains("User:fraud (by OAUTHBEARER) is Service fraud; policy ")
                    .containsPattern("  by claims: .*sub: fraud.* \\(services.yaml:\\d+\\)")
                    .contains("by orders/read (orders.yaml:");
        });
        assertThat(CommandLineHarness.weir("identity", "explain", "--connection", "999999", "--api", demo.adminUrl())
                        .err())
                .contains("no connection 999999 is open");
    }

    @Test
    void thePagesOfTheAdminEndpointAreThere() throws Exception {
        assertThat(get("/readyz")).isEqualTo("ready\n");
        assertThat(get("/metrics")).contains("weir_requests_total", "weir_policy_revision");
        assertThat(status().path("listeners").get(0).path("bootstrap").asText()).isEqualTo(demo.bootstrap());
    }

    @Test
    void aPortThatIsTakenIsAClearMessageAndLeavesNothingBehind(@TempDir Path other) {
        int taken = Integer.parseInt(demo.bootstrap().substring(demo.bootstrap().lastIndexOf(':') + 1));
        DemoSettings settings = new DemoSettings(taken, 0, 0, Optional.of(other));
        ErrorLog errors = new ErrorLog(List::of);
        Assertions.assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> Demo.start(settings, settings, screen, errors))
                // the port of its broker is the next one, and may be somebody's, too
                .withMessageContaining("listener shop cannot listen on 127.0.0.1:")
                .withMessageContaining("Address already in use");
    }

    private interface Edit {
        String apply(String content);
    }

    private static void commit(String message, Edit edit) throws IOException, GitAPIException {
        Path orders = demo.repository().resolve("orders.yaml");
        String before = Files.readString(orders);
        String after = edit.apply(before);
        assertThat(after).as(message).isNotEqualTo(before);
        Files.writeString(orders, after);
        try (Git git = Git.open(new File(demo.repository().toString()))) {
            git.commit().setAll(true).setMessage(message).setSign(false).call();
        }
    }

    private static JsonNode status() throws IOException {
        return new ObjectMapper().readTree(get("/status"));
    }

    private static String get(String path) throws IOException {
        try (InputStream in = URI.create(demo.adminUrl() + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
