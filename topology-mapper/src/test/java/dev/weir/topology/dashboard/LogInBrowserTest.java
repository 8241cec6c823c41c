package dev.weir.topology.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.testkit.browser.BrowserPage;
import dev.weir.testkit.net.UnusedPorts;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.login.OidcGate;
import dev.weir.topology.login.OidcSettings;
import dev.weir.topology.login.TestIdp;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.CanaryDesk;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person with a browser, an identity provider that asks who it is, and the dashboard. */
class LogInBrowserTest extends BrowserPage {
    private static final int MILLIS_MAX = 60_000;
    private static final String FONTS = "//fonts.googleapis.com/";
    private static final byte[] KEY = new byte[OidcSettings.KEY_BYTES];

    private static Vertx vertx;
    private static TestIdp idp;
    private static final List<ApiServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        PlaywrightAssertions.setDefaultAssertionTimeout(MILLIS_MAX);
        vertx = Vertx.vertx();
        idp = new TestIdp(true);
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(server -> server.close().await());
        vertx.close().await();
        idp.close();
    }

    private static String serve(long sessionMillis) {
        int port = UnusedPorts.one();
        URI url = URI.create("http://127.0.0.1:" + port);
        OidcGate gate = TestIdp.gate(vertx, idp.settings(url, KEY, sessionMillis), Clock.systemUTC());
        SERVERS.add(ApiServer.start(vertx, "127.0.0.1", port, new SampleView(SampleMesh.shop()), CanaryDesk.NONE, gate)
                .await());
        return url.toString();
    }

    @BeforeEach
    void open() {
        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
        page.context().route(url -> url.contains(FONTS), Route::abort);
        page.setDefaultTimeout(MILLIS_MAX);
        page.setDefaultNavigationTimeout(MILLIS_MAX);
    }

    /**
     * The provider is another origin, whose page asks for a font from afar, and an answer of 401 is what a page without a
     * log-in gets.
     */
    @AfterEach
    void expectWhatALogInBrings() {
        complaints.removeIf(complaint -> complaint.contains(idp.issuer().getAuthority())
                || complaint.contains(FONTS)
                || complaint.contains("401")
                || complaint.contains("403"));
    }

    private void sign(String name, String group) {
        assertThat(page.locator("input[name=username]")).isVisible();
        page.fill("input[name=username]", name);
        page.fill("textarea[name=claims]", "{\"groups\": [\"" + group + "\"]}");
        page.click("input[type=submit]");
    }

    private void awaitProvider() {
        page.waitForURL(url -> url.startsWith(idp.issuer().toString()));
    }

    @Test
    void aPersonLogsInSeesWhereSheWasAndLogsOut() {
        String url = serve(OidcSettings.SESSION_MILLIS_DEFAULT);
        page.navigate(url + "/?view=lag");
        awaitProvider();
        sign("ann", "platform");

        assertThat(page).hasURL(url + "/?view=lag");
        assertThat(page.locator("#account")).containsText("ann");
        assertThat(page.locator("main")).containsText("fraud");
        assertThat(page.locator("#freshness")).containsText("live");
        shoot("account");
        assertThat(page.context().cookies()).anySatisfy(cookie -> {
            assertThat(cookie.name).isEqualTo("weir-session");
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.value).doesNotContain("ann");
        });
        assertThat(page.evaluate("() => document.cookie")).isEqualTo("");

        page.click("#logout");
        awaitProvider();
        assertThat(page.context().cookies()).noneMatch(cookie -> cookie.name.equals("weir-session"));
        page.navigate(url + "/");
        assertThat(page.locator("input[name=username]")).isVisible();
    }

    @Test
    void whenASessionEndsThePageGoesToLogInAndComesBack() {
        String url = serve(20_000); // so that a busy machine, too, sees what it looks for before it is over
        page.navigate(url + "/?view=slos");
        sign("ann", "platform");
        assertThat(page).hasURL(url + "/?view=slos");

        awaitProvider();
        sign("ann", "platform");
        assertThat(page).hasURL(url + "/?view=slos");
    }

    @Test
    void whoHasNoRoleIsToldSo() {
        String url = serve(OidcSettings.SESSION_MILLIS_DEFAULT);
        page.navigate(url + "/");
        sign("bob", "marketing");

        assertThat(page.locator("body")).containsText("bob is logged in, and has not the role of a viewer");
        shoot("refused");
        assertThat(page.context().cookies()).noneMatch(cookie -> cookie.name.equals("weir-session"));
        page.click("text=Log in again");
        awaitProvider();
    }

    @Test
    void aPageElsewhereChangesNothingInHerName() {
        String url = serve(OidcSettings.SESSION_MILLIS_DEFAULT);
        page.navigate(url + "/");
        sign("olga", "oncall");
        assertThat(page.locator("#account")).containsText("olga");

        Page evil = page.context().newPage();
        evil.navigate(idp.issuer() + "/.well-known/openid-configuration");
        evil.evaluate(
                "url => fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include'}).catch(() => {})",
                url + "/logout");
        page.reload();
        assertThat(page.locator("#account")).containsText("olga");
    }
}
