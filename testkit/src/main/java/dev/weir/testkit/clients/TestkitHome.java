package dev.weir.testkit.clients;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Where the module's sources and build output are: its classes were loaded from below it. */
final class TestkitHome {

    private TestkitHome() {}

    /** Directory or jar that this module's classes come from. */
    static Path classes() {
        CodeSource source = TestkitHome.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("classes come from " + source.getLocation() + ", which is no path", e);
        }
    }

    /** A path below the module's directory, which must exist. */
    static Path existing(String relative, String howToGetIt) {
        // <module>/target/classes, or <module>/target/<the jar>
        Path path = classes().resolve("../..").resolve(relative).normalize();
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is missing: " + howToGetIt);
        }
        return path;
    }
}
