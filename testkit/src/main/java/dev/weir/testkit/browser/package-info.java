/** A real browser for tests of pages: the system's Chromium, driven by Playwright. */
@NullMarked
package dev.weir.testkit.browser;

import org.jspecify.annotations.NullMarked;
