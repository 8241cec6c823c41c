package dev.weir.topology.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.view.CanaryOrder;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people find beside the graph, over a small shop. */
class DashboardViewsBrowserTest extends ShopPage {
    @Test
    void lagIsShownDownToThePartition() {
        visit("?view=lag");
        assertThat(page.locator("tbody tr")).hasCount(7);
        assertThat(page.locator("tbody tr").first()).containsText("fraud");
        assertThat(page.locator("tbody tr").first()).containsText("1 min 24 s");
        assertThat(page.locator("tbody tr").first()).containsText("stalled");
        page.locator("tbody tr").first().click();

        assertThat(page.locator("aside")).containsText("payments-2");
        assertThat(page.locator("aside")).containsText("fraud-check-client");
        assertThat(page).hasURL(Pattern.compile("group=main%2Ffraud"));
        shoot("lag");
    }

    @Test
    void mirrorsLeadFromTopicToTopic() {
        shop.show(SampleMesh.mirroring());
        visit("");
        assertThat(graph()).hasAttribute("data-nodes", "19");
        assertThat(page.locator("#counts")).containsText("21 flows");
        assertThat(page.locator(".legend")).containsText("mirrored");
        assertThat(page.locator(".attention")).containsText("mirror payments-to-staging loses copies of payments");
        shoot("mirrors");

        visit("?sel=topic:main/orders");
        Locator details = page.locator("aside");
        assertThat(details).containsText("Mirrored to (1)");
        assertThat(details).containsText("Consumed by (3)");
        details.getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText("mirror.orders"))
                .click();
        assertThat(details).containsText("Mirrors");
        assertThat(details).containsText("orders-to-staging");
        assertThat(details).containsText("main → staging");
        assertThat(details).containsText("38.4/s");
        assertThat(details).containsText("12 records");

        visit("?sel=mirror-payments");
        assertThat(details).containsText("37.9 k records, now 37.9/s");
        assertThat(details).containsText("topic mirror.payments does not exist");
        shoot("mirror");
        page.fill("#find", "mirror=orders*");
        assertThat(graph()).hasAttribute("data-found", "2");
        page.click("[data-switch=shape]");
        assertThat(graph()).hasAttribute("data-nodes", "10");

        visit("?view=flows");
        assertThat(page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText("mirror.payments")))
                .containsText("loses copies");
    }

    @Test
    void theShareOfRecordsThatAreValidIsShownWhereverTheyFlow() {
        visit("?view=schemas");
        Locator row = page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText("payments-schema"));
        assertThat(row).containsText("go to payments.bad");
        assertThat(row).containsText("✕ 12");
        assertThat(row).containsText("payload 9, no-schema 3");
        assertThat(row).containsText("98.8 %");
        assertThat(page.locator("main")).containsText("1 of 7 topics");
        assertThat(page.locator("main")).containsText("▲ not guarded");
        shoot("schemas");
        Object inside = row.locator("td.number .lead").evaluate("""
                reasons => {
                  reasons.textContent = "no-schema 12, framing 6, payload 6, trailing-bytes 6, unknown-schema 6, other-subject 3";
                  const words = document.createRange();
                  words.selectNodeContents(reasons);
                  return words.getBoundingClientRect().right <= reasons.closest("td").getBoundingClientRect().right;
                }""");
        assertThat(inside).as("all reasons stay in their column").isEqualTo(true);
        row.getByRole(AriaRole.BUTTON).click();

        Locator details = page.locator("aside");
        assertThat(details.locator("h2")).hasText("payments");
        assertThat(details).containsText("98.8 % valid, 12 bad payload 9, no-schema 3");
        details.getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText("payment"))
                .first()
                .click();
        assertThat(details).containsText("98.8 % valid, 12 bad payload 9, no-schema 3");
    }

    @Test
    void aCanaryIsShownAndDoesWhatItIsTold() {
        visit("?view=canaries");
        Locator card = page.locator("article[aria-label='payment-3.2']");
        assertThat(card).containsText("2 of 3");
        assertThat(card).containsText("at most 30 s");
        assertThat(card).containsText("not known");
        assertThat(card.locator("svg.stairs"))
                .hasAttribute("aria-label", Pattern.compile("weight over time: 1 % at .*, 10 % at .*"));
        assertThat(page.locator("article[aria-label='fraud-1.0']")).containsText("time lag of the canary is 84 s");
        assertThat(page.locator("article[aria-label='payment-3.2'] tr:has-text('Rebalances')"))
                .containsText("at most 3");
        shoot("canaries");

        card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Abort"))
                .click();
        assertThat(page.locator("dialog")).containsText("What it owns already stays its own");
        page.fill("#reason", "too many refunds");
        shoot("canary-abort");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(card).containsText("aborted");
        assertThat(card).containsText("anonymous: too many refunds");
        assertThat(card.getByRole(AriaRole.BUTTON)).hasText(new String[] {"Resume"});
        assertThat(canaries.orders())
                .extracting(CanaryOrder::action, CanaryOrder::reason)
                .containsExactly(tuple(CanaryOrder.Action.ABORT, "too many refunds"));
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1440", "DARK, 1440", "DARK, 360"})
    void aWeightOverTimeHasNumbersAtItsAxes(ColorScheme scheme, int width) {
        use(scheme, ReducedMotion.REDUCE, width, 860);
        visit("?view=canaries");
        Locator plot = page.locator("article[aria-label='payment-3.2'] .plot");
        assertThat(plot.locator(".axis.left span")).hasText(new String[] {"100 %", "50 %", "0 %"});
        Pattern minute = Pattern.compile("\\d\\d:\\d\\d");
        assertThat(plot.locator(".axis.below span")).hasText(new Pattern[] {minute, minute, Pattern.compile("now")});
        Pattern second = Pattern.compile("\\d\\d:\\d\\d:\\d\\d");
        assertThat(page.locator("article[aria-label='fraud-1.0'] .axis.below span"))
                .hasText(new Pattern[] {second, second, Pattern.compile("now")});
        plot.scrollIntoViewIfNeeded();
        shoot("canary-axes-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width);
        Object apart = plot.evaluate("""
                plot => {
                  const boxes = [...plot.querySelectorAll(".axis span, svg")].map(part => part.getBoundingClientRect());
                  const whole = plot.getBoundingClientRect();
                  return boxes.every((a, i) => a.left >= whole.left && a.right <= whole.right + 1 && boxes.every((b, k) =>
                    k === i || a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top));
                }""");
        assertThat(apart)
                .as("no text on another or on the picture, or out of the card")
                .isEqualTo(true);
    }

    @Test
    void aShadowHasNoShareAndNothingToDecide() {
        visit("?view=canaries");
        Locator card = page.locator("article[aria-label='payment-dark']");
        assertThat(card).containsText("shadowing");
        assertThat(card).containsText("What it writes to receipts goes to NAME.shadow");
        assertThat(card).containsText("payment~canary");
        assertThat(card.locator("th").filter(new Locator.FilterOptions().setHasText("Shadow")))
                .hasCount(1);
        assertThat(card).not().containsText("Share of keys");
        assertThat(card).not().containsText("Gate");
        assertThat(card.locator("svg")).hasCount(0);
        assertThat(card.getByRole(AriaRole.BUTTON)).hasCount(0);
        card.scrollIntoViewIfNeeded();
        shoot("canary-shadow");
    }

    @Test
    void membersThatComeAroundWeirAreNamed() {
        visit("?view=canaries");
        Locator alert = page.locator("article[aria-label='fraud-1.0'] p[role='alert']");
        assertThat(alert)
                .hasText("✕ around Weir 1 of its members comes to brokers around Weir: fraud-1 at /10.1.2.3 in fraud."
                        + " The share is not raised until they are gone.");
        assertThat(page.locator("article[aria-label='payment-3.2'] p[role='alert']"))
                .hasCount(0);
        alert.scrollIntoViewIfNeeded();
        shoot("canary-bypassing");
    }

    @Test
    void everyOtherViewIsThere() {
        for (Map.Entry<String, String> view : Map.of(
                        "slos",
                        "fraud-within-10s",
                        "security",
                        "User:batch-import",
                        "proxies",
                        "41d07e9",
                        "canaries",
                        "fraud~canary",
                        "flows",
                        "storefront")
                .entrySet()) {
            visit("?view=" + view.getKey());
            assertThat(page.locator("main")).containsText(view.getValue());
            shoot(view.getKey());
        }
    }
}
