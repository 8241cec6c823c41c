package dev.weir.topology.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.testkit.net.UnusedPorts;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.Freshness;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people do on the page, and with its graph, over a small shop. */
class DashboardBrowserTest extends ShopPage {
    /** Between services and their versions, without the compacted topics. */
    private static final String EDGES = "14";

    @Test
    void theGraphAppears() {
        visit("");

        assertThat(graph()).hasAttribute("data-nodes", "17");
        assertThat(page.locator("#counts")).containsText("17 nodes");
        assertThat(page.locator("#coverage")).containsText("98.2 %");
        assertThat(page.locator("#freshness")).containsText("live");
        assertThat(page.locator("#banner")).isHidden();
        shoot("graph-light");
    }

    @Test
    void anEdgeShowsItsRate() {
        visit("?sel=service:storefront");

        Locator details = page.locator("aside");
        assertThat(details).containsText("clicks");
        assertThat(details).containsText("843/s");
        details.getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText("clicks"))
                .click();
        assertThat(details).containsText("Rate");
        assertThat(details).containsText("p99 9.6 ms");
        shoot("edge");
    }

    @Test
    void findAndHideKeepToTheExpression() {
        visit("");
        page.fill("#find", "team=payments");
        assertThat(graph()).hasAttribute("data-found", "5");
        page.fill("#hide", "kind=topic");
        assertThat(graph()).hasAttribute("data-nodes", "10");
        shoot("find-hide");

        page.fill("#find", "team=(");
        assertThat(page.locator("#find-wrong")).containsText("a value is missing");
        assertThat(page.locator("#find")).hasAttribute("aria-invalid", "true");
        page.fill("#find", "colour=red");
        assertThat(page.locator("#find-wrong")).containsText("there is no field colour");
        assertThat(graph()).hasAttribute("data-found", Pattern.compile("\\d+"));
    }

    @Test
    void aSharedAddressShowsTheSame() {
        visit("");
        page.fill("#hide", "badge=compacted");
        page.click("[data-switch=shape]");
        assertThat(graph()).hasAttribute("data-nodes", "10");
        page.click("[data-switch=boxes]");
        page.click("[data-switch=versions]");
        assertThat(page).hasURL(Pattern.compile("versions=1"));
        assertThat(graph()).hasAttribute("data-edges", EDGES);
        String address = page.url();

        use(ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE);
        page.navigate(address);
        assertThat(graph()).hasAttribute("data-nodes", "10");
        assertThat(graph()).hasAttribute("data-edges", EDGES);
        assertThat(page.locator("#hide")).hasValue("badge=compacted");
        assertThat(page.locator("[data-switch=boxes]")).hasAttribute("aria-pressed", "true");
        shoot("services-teams-versions");
    }

    @Test
    void theOutlineOfANodeSaysHowItIs() {
        visit("");
        Object outlines = page.evaluate("""
                async () => {
                  const {drawNode} = await import('/dashboard/nodes.js');
                  const outline = (kind, health) => {
                    let first = '';
                    const drawn = {stroke: () => { first ||= drawn.strokeStyle; }};
                    const g = new Proxy(drawn, {get: (of, name) => name in of ? of[name] : () => {}});
                    const ink = {colors: new Proxy({}, {get: (of, name) => name}), font: () => '', cut: (on, text) => text};
                    drawNode(g, ink, {kind, health, name: 'orders', x: 0, y: 0, width: 100, height: 30, badges: [], versions: []}, 1);
                    return first;
                  };
                  return [['topic', 'ok'], ['topic', 'warn'], ['topic', 'bad'], ['service', 'ok'], ['service', 'bad']].map((node) => outline(...node));
                }
                """);
        assertThat(outlines).isEqualTo(List.of("topic", "warn", "bad", "line", "bad"));
    }

    @Test
    void focusShowsANodeAndItsNeighbours() {
        visit("?focus=service:checkout");
        assertThat(graph()).hasAttribute("data-nodes", "4");
        shoot("focus");
        page.click("#show-all");
        assertThat(graph()).hasAttribute("data-nodes", "17");
    }

    @Test
    void policyIsAnOverlay() {
        visit("?policy=1&boxes=team");
        assertThat(graph()).hasAttribute("data-nodes", "17");
        assertThat(page.locator(".legend")).containsText("not allowed");
        assertThat(page.locator("#counts")).containsText("21 flows");
        shoot("policy-teams");
    }

    @Test
    void theTimeSliderShowsThePast() {
        visit("");
        assertThat(page.locator("#counts")).containsText("19 flows");
        assertThat(graph()).hasAttribute("data-drawn", "true");
        page.focus("#time");
        page.keyboard().press("PageDown");

        assertThat(page.locator("#timeline output")).containsText("Replay");
        assertThat(page.locator("#counts")).containsText("18 flows");
        assertThat(page).hasURL(Pattern.compile("at="));
        shoot("replay");
        page.click("#live");
        assertThat(page.locator("#counts")).containsText("19 flows");
        assertThat(page.locator("#timeline output")).containsText("Now");
    }

    @Test
    void itIsDarkWhereThatIsLiked() {
        use(ColorScheme.DARK, ReducedMotion.NO_PREFERENCE);
        visit("");
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        assertThat(graph()).hasAttribute("data-drawn", "true");
        shoot("graph-dark");
        page.click("#theme");
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
        visit("?view=slos");
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
    }

    @Test
    void aKeyboardIsEnough() {
        visit("");
        assertThat(graph()).hasAttribute("data-drawn", "true"); // before, there is nothing to go to
        graph().focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("aside h2")).hasCount(1);
        String first = page.locator("aside h2").textContent();
        assertThat(page.locator("#announce")).containsText(first);
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("aside h2")).not().hasText(first);
        page.keyboard().press("f");
        assertThat(page.locator("#show-all")).isVisible();
        shoot("keyboard");
        page.keyboard().press("Escape");
        assertThat(page.locator("aside")).hasCount(0);
        page.keyboard().press("Escape");
        assertThat(graph()).hasAttribute("data-nodes", "17");
        page.keyboard().press("/");
        page.keyboard().type("checkout");
        assertThat(graph()).hasAttribute("data-found", "1");
        page.keyboard().press("Escape");
        page.keyboard().press("3");
        assertThat(page.locator("h1")).hasText("Consumer lag");
        page.keyboard().press("?");
        assertThat(page.locator("dialog")).containsText("Find and hide");
        shoot("help");
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void coverageSaysWhatIsNotSearched() {
        visit("");
        page.locator("#coverage").click();
        assertThat(page.locator("dialog")).containsText("98.2 % of records");
        assertThat(page.locator("dialog")).containsText("Topics of archive are not searched");
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void everythingThatCanBeUsedHasAName() {
        for (String view :
                List.of("", "?view=lag", "?view=slos", "?view=schemas", "?view=security", "?view=canaries")) {
            visit(view);
            page.waitForFunction("() => document.querySelector('#graph[data-drawn], h1')");
            Object nameless = page.evaluate(
                    "() => [...document.querySelectorAll('button, input, select, [role=img], [role=meter], [tabindex=\"0\"]')]"
                            + ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))"
                            + ".map(e => e.outerHTML)");
            assertThat(nameless).isEqualTo(List.of());
        }
    }

    @Test
    void itSaysThatKafkaIsDownAndSinceWhen() {
        visit("");
        shop.freshness(new Freshness(Freshness.State.KAFKA_DOWN, 0, 0, "no broker of main answers"));
        assertThat(page.locator("#banner")).containsText("Kafka does not answer since");
        assertThat(page.locator("#banner")).containsText("No broker of main answers.");
        shop.freshness(new Freshness(Freshness.State.LIVE, 0, 0, ""));
        assertThat(page.locator("#banner")).isHidden();
    }

    @Test
    void theApiDiesAndComesBack() {
        int port = UnusedPorts.one(); // nobody takes it meanwhile
        ApiServer mortal = ApiServer.start(vertx, "127.0.0.1", port, shop).await();
        page.navigate("http://127.0.0.1:" + port + "/");
        assertThat(graph()).hasAttribute("data-nodes", "17");

        mortal.close().await();
        assertThat(page.locator("#banner")).containsText("No connection to Weir since");
        assertThat(page.locator("#freshness")).containsText("no connection");
        assertThat(graph()).hasAttribute("data-nodes", "17");
        shoot("api-gone");

        shop.show(SampleMesh.shop().with("newcomer"));
        ApiServer born = ApiServer.start(vertx, "127.0.0.1", port, shop).await();
        try {
            assertThat(page.locator("#banner")).isHidden();
            assertThat(graph()).hasAttribute("data-nodes", "18");
        } finally {
            page.close(); // it would say that nobody is there any more
            born.close().await();
        }
        complaints.removeIf(complaint -> complaint.contains("Failed to load resource"));
    }

    @Test
    void newDataComesByItselfAndNothingJumps() {
        visit("?sel=service:checkout");
        assertThat(graph()).hasAttribute("data-nodes", "17");
        String before = page.url();
        shop.show(SampleMesh.shop().with("newcomer"));
        assertThat(graph()).hasAttribute("data-nodes", "18");
        assertThat(page.url()).isEqualTo(before);
        assertThat(page.locator("aside h2")).hasText("checkout");
    }

    @Test
    void hostileNamesAreShownAndNeverExecuted() {
        ApiServer hostile = ApiServer.start(vertx, "127.0.0.1", 0, new SampleView(SampleMesh.hostile()))
                .await();
        try {
            String address = "http://127.0.0.1:" + hostile.port() + "/";
            for (String view : List.of(
                    "",
                    "?view=flows",
                    "?view=schemas",
                    "?view=lag",
                    "?view=lag&group=main%2F%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D%27owned%27%22%3E",
                    "?boxes=team")) {
                page.navigate(address + view);
                page.waitForFunction("() => document.querySelector('#graph[data-drawn], tbody tr')");
                assertThat(page.locator("main img, main script")).hasCount(0);
                assertThat(page.title()).doesNotContain("owned");
            }
            shoot("hostile");
            page.navigate(address + "?view=flows");
            assertThat(page.locator("main")).containsText("<img src=x onerror=");
            assertThat(page.locator("main")).containsText("\\u202eright-to-left\\u0000null");
            page.navigate(address + "?find=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&hide=%22");
            assertThat(page.locator("#find-wrong")).not().isEmpty();
            assertThat(page.locator("main img")).hasCount(0);
        } finally {
            page.close(); // it would say that nobody is there any more
            hostile.close().await();
        }
    }

    @Test
    void nothingMovesForThoseWhoDislikeIt() {
        use(ColorScheme.LIGHT, ReducedMotion.REDUCE);
        visit("");
        assertThat(graph()).hasAttribute("data-drawn", "true");
        String pixels = "() => document.querySelectorAll('#graph canvas')[1].toDataURL()";
        Object before = page.evaluate(pixels);
        page.evaluate(
                "() => new Promise(done => { let n = 12; const next = () => --n ? requestAnimationFrame(next) : done(); next(); })");
        assertThat(page.evaluate(pixels)).isEqualTo(before);
    }

    @Test
    void theLanguageOfFindIsWhatItsGrammarSays() {
        visit("");
        Object wrong = page.evaluate("""
                async () => {
                  const {compile} = await import('/dashboard/expression.js');
                  const topic = {name: 'Pay-ments', kind: 'topic', team: 'pay', badge: ['compacted'], rate: 1500, lagtime: -1, version: []};
                  const get = {get: (field) => topic[field]};
                  const cases = {
                    'pay': true, 'PAY-M': true, 'orders': false, 'team=pay': true, 'team=pa': false, 'team~a': true, 'name=p*s': true, 'name=*x*': false,
                    'team!=orders': true, 'group!=x': false, 'badge=compacted': true, 'rate>1k': true, 'rate>=1.5k': true, 'rate<1k': false, 'lagtime<30s': false,
                    'not team=pay': false, 'not (team=x or rate<1)': true, 'team=x or kind=topic': true, 'kind=topic and rate>2k': false,
                    'kind=topic rate>1k': true, '"pay-ments"': true, 'name="Pay-ments"': true, 'version=1': false,
                  };
                  const broken = ['team=', '(pay', 'pay)', 'team=(', '"pay', 'colour=red', 'rate=red', 'team>3', 'rate~1', 'or', 'a or', 'and b', 'not', 'rate>5parsecs', '__proto__=1', 'x'.repeat(501)];
                  const wrong = Object.entries(cases).filter(([text, expected]) => compile(text)(get) !== expected).map(([text]) => text);
                  for (const text of broken) {
                    try { compile(text); wrong.push(text); } catch (error) { if (!/\\(at \\d+\\)$/.test(error.message)) wrong.push(error.message); }
                  }
                  if (compile('  ') !== null) wrong.push('nothing');
                  const start = performance.now();
                  compile('name=' + '*a'.repeat(200) + 'b')({get: () => 'a'.repeat(5000)});
                  if (performance.now() - start > 2000) wrong.push('slow pattern');
                  return wrong;
                }
                """);
        assertThat(wrong).isEqualTo(List.of());
    }
}
