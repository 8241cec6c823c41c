package dev.weir.testkit.leak;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in whose time a buffer was left to the garbage collector. Registered by its service file for every
 * test class of a module that has this one on its class path; classes that make no buffer cost nothing.
 */
public final class LeakCheck implements AfterAllCallback {
    static {
        LeakRecorder.install();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LeakRecorder.requireNone();
    }
}
