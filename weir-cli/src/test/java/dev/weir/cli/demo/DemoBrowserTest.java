package dev.weir.cli.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.cli.logging.LogLevel;
import dev.weir.cli.logging.Logging;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.TopologySwitch;
import dev.weir.testkit.browser.BrowserPage;
import dev.weir.testkit.net.UnusedPorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code weir demo} opens, over its Kafka, its proxy and its topology. */
class DemoBrowserTest extends BrowserPage {
    /** As long as a newcomer looks at it. */
    private static final double MINUTE_MILLIS = 60_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    /** The demo's broker. */
    private static final int BROKER = 1;

    @TempDir
    private static Path folder;

    private static DemoScreen screen;
    private static Demo demo;
    private static String dashboard;

    @BeforeAll
    static void start() {
        ErrorLog errors = ErrorLog.of(Logging.forDemo(LogLevel.ERROR));
        screen = new DemoScreen(null, Clock.systemUTC());
        // a port that stays the same when the topology is started again
        int port = UnusedPorts.one();
        DemoSettings settings = new DemoSettings(0, 0, port, Optional.of(folder));
        demo = Demo.start(settings, settings, screen, errors);
        dashboard = "http://127.0.0.1:" + port + "/";
        awaitDashboard();
    }

    private static void awaitDashboard() {
        await().atMost(PATIENCE).until(() -> demo.dashboardUrl().isPresent());
    }

    @AfterAll
    static void stop() {
        demo.close();
        screen.close();
    }

    @BeforeEach
    void open() {
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
    }

    @Test
    void withinAMinuteTheGraphShowsWhoTalksToWhom() {
        visit("");
        assertThat(graph()).hasAttribute("data-nodes", "8", withinAMinute());
        assertThat(graph()).hasAttribute("data-edges", "9", withinAMinute());
        assertThat(graph()).hasAttribute("data-drawn", "true");
        assertThat(page.locator("#freshness")).containsText("live");
        assertThat(page.locator("#banner")).isHidden();
        shoot("demo-graph");
    }

    @Test
    void aNewcomerIsToldWhoWasDeniedAndWhatIsAtRisk() {
        visit("");
        Locator attention = page.locator(".attention");
        assertThat(attention).containsText("shipping is denied orders", withinAMinuteText());
        assertThat(attention).containsText("analytics would be denied orders", withinAMinuteText());
        assertThat(attention).containsText("invoices-in-time is broken", withinAMinuteText());
        shoot("demo-attention");
        attention.getByText("shipping is denied orders").click();
        assertThat(page.locator("aside")).containsText("orders → shipping");
        assertThat(page.locator("aside")).containsText("✕ does not allow it");
        page.locator("#graph").press("Escape");
        attention.getByText("invoices-in-time is broken").click();
        assertThat(page.locator("h1")).hasText("Service level objectives");
    }

    @Test
    void everyViewIsToBeLookedAt() {
        visit("?sel=service:invoicing");
        assertThat(page.locator("aside")).containsText("payments", withinAMinuteText());
        shoot("demo-invoicing");
        for (String view : List.of("flows", "lag", "slos", "security", "proxies")) {
            visit("?view=" + view);
            assertThat(page.locator("main .frame, main .card").first()).isVisible();
            shoot("demo-" + view);
        }
        use(ColorScheme.DARK, ReducedMotion.NO_PREFERENCE);
        visit("");
        assertThat(page.locator(".attention")).containsText("is broken", withinAMinuteText());
        shoot("demo-dark");
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE, 760, 560);
        visit("");
        assertThat(graph()).hasAttribute("data-drawn", "true");
        shoot("demo-small");
        visit("?view=lag");
        assertThat(page.locator("tbody tr").first()).isVisible();
        shoot("demo-small-lag");
    }

    @Test
    void anEdgeShowsItsRate() {
        visit("?sel=service:checkout");
        Locator details = page.locator("aside");
        assertThat(details)
                .containsText("Produces to (1)", new LocatorAssertions.ContainsTextOptions().setTimeout(MINUTE_MILLIS));
        assertThat(details).containsText(Pattern.compile("orders\\s*[1-9][0-9.]*/s"));
        details.locator("[data-key^='flow ']").click();
        assertThat(details).containsText("checkout → orders");
        assertThat(details).containsText(Pattern.compile("Rate\\s*[1-9][0-9.]*/s"));
        assertThat(details).containsText("✓ allows it");
    }

    @Test
    void whoWasDeniedIsSeen() {
        visit("?find=status=denied");
        assertThat(graph()).hasAttribute("data-found", "2", withinAMinute());
        visit("?view=flows&find=status=denied");
        Locator rows = page.locator("tbody tr");
        assertThat(rows).hasCount(1);
        assertThat(rows).containsText(Pattern.compile("orders.*shipping.*denied"));
        visit("?view=flows&find=status=dryRunDenied");
        assertThat(rows).containsText(Pattern.compile("orders.*analytics.*would be denied"));
        visit("?view=security");
        assertThat(page.locator("main")).containsText("orders/not-shipping");
    }

    @Test
    void whoIsLateIsSeenAndBreaksItsObjective() {
        visit("?find=lagtime>5s");
        assertThat(graph()).hasAttribute("data-found", Pattern.compile("[2-9]"), withinAMinute());
        visit("?view=lag&group=demo/invoicing-1");
        assertThat(page.locator("aside")).containsText("payments-0");
        assertThat(page.locator("tbody tr").first()).containsText("invoicing-1", withinAMinuteText());
        visit("?view=slos");
        Locator broken = page.getByLabel("invoices-in-time", new Page.GetByLabelOptions().setExact(true));
        assertThat(broken.locator(".top .state"))
                .hasText(Pattern.compile("page"), new LocatorAssertions.HasTextOptions().setTimeout(MINUTE_MILLIS));
        assertThat(broken).containsText("burning");
    }

    @Test
    void itSaysThatKafkaIsDownAndSinceWhenAndRecovers() throws Exception {
        visit("");
        assertThat(graph()).hasAttribute("data-edges", "9", withinAMinute());
        long beforeMillis = System.currentTimeMillis();
        // a report of after that was read, so Kafka answered
        await().atMost(PATIENCE).until(() -> status().path("reportsMillis").asLong() > beforeMillis);
        demo.kafka().stopBroker(BROKER);
        try {
            Locator banner = page.locator("#banner");
            assertThat(banner).containsText("Kafka does not answer since ", withinAMinuteText());
            assertThat(page.locator("#freshness")).containsText("Kafka down");
            JsonNode status = status();
            long since = status.path("sinceMillis").asLong();
            assertThat(since).as("of the last answer").isBetween(beforeMillis, System.currentTimeMillis());
            assertThat(banner).containsText("since " + CLOCK.format(Instant.ofEpochMilli(since)));
            assertThat(graph()).hasAttribute("data-nodes", "8");
            shoot("demo-kafka-down");
        } finally {
            demo.kafka().startBroker(BROKER);
        }
        assertThat(page.locator("#banner"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE.toMillis()));
        assertThat(page.locator("#freshness")).containsText("live");
        // what flows now, as the minute before does not hold what the services did before Kafka went
        page.fill("#find", "kind=flow service=checkout rate>0");
        assertThat(graph()).hasAttribute("data-found", "2", within(PATIENCE));
        long records = demo.records("fraud", false, Shop.PAYMENTS);
        await().atMost(PATIENCE).until(() -> demo.records("fraud", false, Shop.PAYMENTS) > records);
    }

    @Test
    void theApiDiesAndComesBackAndClientsDoNotNotice() throws Exception {
        visit("");
        assertThat(graph()).hasAttribute("data-edges", "9", withinAMinute());
        try (KafkaProducer<String, byte[]> client = new KafkaProducer<>(clientOf("checkout"))) {
            send(client, "before");
            TopologySwitch.off(demo.mesh());
            try {
                assertThat(page.locator("#banner")).containsText("No connection to Weir since");
                assertThat(page.locator("#freshness")).containsText("no connection");
                assertThat(graph()).hasAttribute("data-nodes", "8");
                long charged = demo.records("payments", true, Shop.PAYMENTS);
                long shipped = demo.records("shipping", false, Shop.PAYMENTS);
                for (int i = 0; i < 20; i++) {
                    send(client, "meanwhile");
                }
                await().atMost(PATIENCE).until(() -> demo.records("payments", true, Shop.PAYMENTS) > charged + 20);
                await().atMost(PATIENCE).until(() -> demo.records("shipping", false, Shop.PAYMENTS) > shipped + 20);
            } finally {
                TopologySwitch.on(demo.mesh());
                awaitDashboard();
            }
            send(client, "after");
        }
        assertThat(page.locator("#banner"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE.toMillis()));
        assertThat(page.locator("#freshness")).containsText("live");
        assertThat(graph()).hasAttribute("data-edges", "9");
        page.fill("#find", "kind=flow service=checkout rate>0");
        assertThat(graph()).hasAttribute("data-found", "2", within(PATIENCE));
        complaints.removeIf(complaint -> complaint.contains("Failed to load resource"));
    }

    /** A client that neither retries nor waits: what the topology did to the proxy would fail it. */
    private static Map<String, Object> clientOf(String user) {
        return Map.of(
                "bootstrap.servers",
                demo.bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + DemoUsers.PASSWORD + "\";",
                "retries",
                0,
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
    }

    private static void send(KafkaProducer<String, byte[]> client, String order) throws Exception {
        client.send(new ProducerRecord<>(Shop.ORDERS, order, ShopRecords.order(order, 1)))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static JsonNode status() throws IOException {
        return new ObjectMapper()
                .readTree(URI.create(dashboard + "api/v1/status").toURL());
    }

    private Locator graph() {
        return page.locator("#graph");
    }

    private void visit(String query) {
        page.navigate(dashboard + query);
    }

    private static LocatorAssertions.HasAttributeOptions withinAMinute() {
        return new LocatorAssertions.HasAttributeOptions().setTimeout(MINUTE_MILLIS);
    }

    private static LocatorAssertions.HasAttributeOptions within(Duration time) {
        return new LocatorAssertions.HasAttributeOptions().setTimeout(time.toMillis());
    }

    private static LocatorAssertions.ContainsTextOptions withinAMinuteText() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(MINUTE_MILLIS);
    }
}
