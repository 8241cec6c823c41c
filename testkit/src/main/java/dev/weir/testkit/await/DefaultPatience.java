package dev.weir.testkit.await;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has Awaitility wait as long as {@link Patience#SETTLED} where a test does not say how long; its own ten seconds are short for two
 * processors that a broker and a browser share. Registered by its service file, as {@link dev.weir.testkit.leak.LeakCheck} is.
 */
public final class DefaultPatience implements BeforeAllCallback {
    static {
        Awaitility.setDefaultTimeout(Patience.SETTLED);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // once for the JVM, above
    }
}
