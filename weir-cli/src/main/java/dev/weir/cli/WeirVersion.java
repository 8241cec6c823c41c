package dev.weir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, which Maven writes into a resource. */
public final class WeirVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"weir " + current(), "Java " + Runtime.version()};
    }

    /** The version alone, {@code 0.1.0} for instance. */
    public static String current() {
        Properties properties = new Properties();
        try (InputStream in = WeirVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing beside " + WeirVersion.class);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
