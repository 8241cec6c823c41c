package dev.weir.topology.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the dashboard and the OpenAPI document, from the class path, each read once. Blocking. */
final class Assets {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+)*\\.[a-z0-9]+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "yaml", "application/yaml");

    private final Map<String, Answer> read = new ConcurrentHashMap<>();

    /**
     * A file.
     *
     * @param name below the root of the class path: {@code dashboard/index.html}
     */
    Optional<Answer> find(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Answer known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        try (InputStream in = Assets.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                return Optional.empty();
            }
            Answer answer = Answer.of(200, type, Answer.REVALIDATE, in.readAllBytes());
            read.put(name, answer);
            return Optional.of(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
