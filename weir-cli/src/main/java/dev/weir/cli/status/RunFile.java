package dev.weir.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How commands find a mesh of the same user on this machine: each running one keeps a small file, named after its
 * process, with the URLs of its admin endpoint and its topology. It lies in {@code $XDG_RUNTIME_DIR/weir}, or in {@code ~/.weir/run}.
 * A file whose process is gone counts for nothing and is taken away.
 */
public final class RunFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunFile.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Optional<Path> file;
    private boolean closed;

    private RunFile(Optional<Path> file) {
        this.file = file;
    }

    /**
     * One mesh that runs.
     *
     * @param admin URL of its admin endpoint
     * @param topology URL of its topology's API and dashboard; empty while it has none
     */
    public record Running(long pid, String command, String admin, String topology, Instant startedAt) {

        /** This process. */
        public static Running here(String command, String admin, String topology, Instant startedAt) {
            return new Running(ProcessHandle.current().pid(), command, admin, topology, startedAt);
        }
    }

    /** Where the files of this user are. */
    public static Path folder() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".weir", "run")
                : Path.of(runtime, "weir");
    }

    /** Says that this process runs a mesh, until closed. Where no file can be written, {@code --api} is left. */
    public static RunFile write(Path folder, Running running) {
        Path file = folder.resolve(running.pid() + ".json");
        try {
            Files.createDirectories(folder);
            write(running, file);
            return new RunFile(Optional.of(file));
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("file", file).setCause(e).log("run file cannot be written");
            return new RunFile(Optional.empty());
        }
    }

    /** Says something new of this mesh; nothing, once closed. */
    public synchronized void rewrite(Running running) {
        if (file.isEmpty() || closed) {
            return;
        }
        try {
            write(running, file.get());
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("file", file.get()).setCause(e).log("run file cannot be written");
        }
    }

    /** Beside it and then in its place: nobody reads half a file. */
    private static void write(Running running, Path file) throws IOException {
        ObjectNode json = MAPPER.createObjectNode()
                .put("pid", running.pid())
                .put("command", running.command())
                .put("admin", running.admin())
                .put("topology", running.topology())
                .put("startedAt", running.startedAt().toString());
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(beside, json + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** All meshes of this user that run now, the newest first. */
    public static List<Running> running(Path folder) {
        List<Running> running = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                read(file).ifPresent(running::add);
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("folder", folder).setCause(e).log("run files cannot be listed");
        }
        running.sort(Comparator.comparing(Running::startedAt).reversed());
        return running;
    }

    private static Optional<Running> read(Path file) throws IOException {
        try {
            JsonNode json = MAPPER.readTree(Files.readString(file));
            Running running = new Running(
                    json.required("pid").asLong(),
                    json.required("command").asText(),
                    json.required("admin").asText(),
                    json.path("topology").asText(),
                    Instant.parse(json.required("startedAt").asText()));
            if (ProcessHandle.of(running.pid()).filter(ProcessHandle::isAlive).isPresent()) {
                return Optional.of(running);
            }
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().addKeyValue("file", file).setCause(e).log("not a run file");
            return Optional.empty();
        }
        Files.deleteIfExists(file);
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        file.ifPresent(path -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("file", path).setCause(e).log("run file is left behind");
            }
        });
    }
}
