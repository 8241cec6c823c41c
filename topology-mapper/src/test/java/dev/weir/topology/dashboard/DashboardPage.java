package dev.weir.topology.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.weir.topology.api.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page in a browser of its own (cookies, settings), whose complaints make a test fail; pictures go to target. */
@ExtendWith(Browsers.class)
abstract class DashboardPage {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final int MILLIS_MAX = 30_000;

    final List<String> complaints = new ArrayList<>();
    Page page;
    private BrowserContext context;

    @AfterEach
    void close() {
        context.close();
        assertThat(complaints).as("errors that the browser reported").isEmpty();
    }

    final void use(ColorScheme scheme, ReducedMotion motion) {
        if (context != null) {
            context.close();
        }
        context = Browsers.chromium()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(1440, 860)
                        .setColorScheme(scheme)
                        .setReducedMotion(motion));
        page = context.newPage();
        page.setDefaultTimeout(MILLIS_MAX);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text() + " " + message.location());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith("http://127.0.0.1:")) {
                complaints.add("external request " + request.url());
            }
        });
    }

    final Locator graph() {
        return page.locator("#graph");
    }

    final void visit(ApiServer api, String query) {
        page.navigate("http://127.0.0.1:" + api.port() + "/" + query);
    }

    final void shoot(String name) {
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        try {
            Files.createDirectories(SHOTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        page.screenshot(new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")));
    }
}
