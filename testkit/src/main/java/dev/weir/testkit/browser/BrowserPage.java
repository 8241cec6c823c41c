package dev.weir.testkit.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * For test classes to extend: a page in a browser of its own (cookies, settings), on this machine only. What the browser
 * complains of, or asks of another machine, makes a test fail; pictures go to {@code target/screenshots}.
 */
@ExtendWith(Browsers.class)
public abstract class BrowserPage {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final String HERE = "http://127.0.0.1:";
    private static final int MILLIS_MAX = 30_000;

    /** Errors of the page so far; a test takes out those that it wants. */
    protected final List<String> complaints = new ArrayList<>();

    /** What {@link #use} opened. */
    @SuppressWarnings("NullAway.Init") // a test begins with use()
    protected Page page;

    private @Nullable BrowserContext context;

    @AfterEach
    protected final void closePage() {
        if (context != null) {
            context.close();
        }
        Assertions.assertEquals(List.of(), complaints, "errors that the browser reported");
    }

    /** A new page, without anything that the one before it left. */
    protected final void use(ColorScheme scheme, ReducedMotion motion) {
        use(scheme, motion, 1440, 860);
    }

    /** A new page of this size in pixels, without anything that the one before it left. */
    protected final void use(ColorScheme scheme, ReducedMotion motion, int width, int height) {
        if (context != null) {
            context.close();
        }
        context = Browsers.chromium()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
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
            if (!request.url().startsWith(HERE)) {
                complaints.add("external request " + request.url());
            }
        });
    }

    /** A picture of the page as it is now, to be looked at. */
    protected final void shoot(String name) {
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        try {
            Files.createDirectories(SHOTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        page.screenshot(new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")));
    }
}
