package dev.weir.topology.dashboard;

import com.microsoft.playwright.Locator;
import dev.weir.testkit.browser.BrowserPage;
import dev.weir.topology.api.ApiServer;

/** The dashboard of a server, in a browser. */
abstract class DashboardPage extends BrowserPage {

    final Locator graph() {
        return page.locator("#graph");
    }

    final void visit(ApiServer api, String query) {
        page.navigate("http://127.0.0.1:" + api.port() + "/" + query);
    }
}
