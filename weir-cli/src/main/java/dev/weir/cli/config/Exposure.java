package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.Endpoint;
import java.util.regex.Pattern;

/** Keeps what has no log-in from being reached from other machines, unless that is wanted. */
final class Exposure {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|0:0:0:0:0:0:0:1");

    private Exposure() {}

    /** @param expected what would make it right */
    static void check(YamlObject object, Endpoint bind, String expected, Problems problems) {
        if (!LOOPBACK.matcher(bind.host()).matches()) {
            problems.add(
                    object.at("bind"),
                    "other machines could reach it, and nobody would have to log in",
                    bind.toString(),
                    "a loopback address, " + expected);
        }
    }
}
