package dev.weir.topology.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The view of security: each table has its row. */
class SecurityBrowserTest extends DashboardPage {
    private static Vertx vertx;
    private static ApiServer api;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        api = ApiServer.start(vertx, "127.0.0.1", 0, new SampleView(SampleMesh.shop()))
                .await();
    }

    @AfterAll
    static void stop() {
        api.close().await();
        vertx.close().await();
    }

    @BeforeEach
    void open() {
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
    }

    @ParameterizedTest
    @CsvSource({
        "Findings, certificate-expiring",
        "Failing log-ins, Invalid username or password",
        "Sessions that ended, the authority took back its certificate",
        "Denials, audit-is-private",
        "Reads that were refused, signature missing",
        "Admin powers, admins/topics",
        "Administrative requests, CreateTopics",
        "Unused grants, warehouse-reads"
    })
    void eachTableHasItsRow(String caption, String text) {
        visit(api, "?view=security");
        Locator table = page.getByRole(
                AriaRole.TABLE, new Page.GetByRoleOptions().setName(caption).setExact(true));
        assertThat(table).containsText(text);
    }
}
