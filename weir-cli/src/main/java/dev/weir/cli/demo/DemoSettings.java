package dev.weir.cli.demo;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a demo is started with.
 *
 * @param port the first of the listeners' ports, {@link Door#PORTS} in a row; 0 for any free ones
 * @param adminPort the admin endpoint's port; 0 for any free one
 * @param topologyPort the dashboard's port; 0 for any free one
 * @param folder where the demo keeps its policy repository, which stays when it ends; a temporary one, which does not,
 *     if left out
 */
public record DemoSettings(int port, int adminPort, int topologyPort, Optional<Path> folder) {
    static final int PORT = 9192;
    static final int ADMIN_PORT = 9190;
    static final int TOPOLOGY_PORT = 9191;
}
