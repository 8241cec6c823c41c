package dev.weir.cli.config;

import dev.weir.cli.export.OtlpSettings;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@code otlp}: where metrics are sent. */
final class OtlpReader {
    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final String ENDPOINT_FORM = "http://HOST:PORT or https://HOST, where OTLP/HTTP is taken";
    private static final String HEADERS_FORM = "lines of NAME: VALUE";

    private static final URI PLACEHOLDER = URI.create("http://127.0.0.1:4318");

    private final ReferencedFiles files;

    OtlpReader(ReferencedFiles files) {
        this.files = files;
    }

    OtlpSettings read(YamlObject otlp) {
        Text endpoint = otlp.requiredText("endpoint");
        Optional<URI> url = HttpUrl.parse(endpoint, ENDPOINT_FORM, files.problems());
        Map<String, String> headers =
                otlp.text("headersFile").flatMap(this::headers).orElse(Map.of());
        if (!headers.isEmpty()) {
            url.ifPresent(
                    uri -> HttpUrl.requireSafe(endpoint, uri, "the headers' values", "a collector", files.problems()));
        }
        return new OtlpSettings(
                url.orElse(PLACEHOLDER),
                headers,
                otlp.duration("interval", INTERVAL_MIN, INTERVAL_MAX, OtlpSettings.INTERVAL),
                otlp.text("serviceName").map(Text::value).orElse(OtlpSettings.SERVICE_NAME),
                (int) otlp.integer(
                        "tracesPerSecond", 0, OtlpSettings.TRACES_PER_SECOND_MAX, OtlpSettings.TRACES_PER_SECOND));
    }

    /** Values are secrets: a mistake is reported by line, without what the line holds. */
    private Optional<Map<String, String>> headers(Text text) {
        return files.secretFile(text, "headers file").map(file -> {
            Map<String, String> headers = new TreeMap<>();
            List<String> lines = lines(file, text);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                int colon = line.indexOf(':');
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                if (colon < 1 || !line.substring(0, colon).matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                    files.problems().add(text.at(), "line " + (i + 1) + " of the file is no header", "", HEADERS_FORM);
                    continue;
                }
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            return headers;
        });
    }

    private List<String> lines(Path file, Text text) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            files.problems().add(text.at(), "the file cannot be read: " + FailureWords.ofFile(e), "", HEADERS_FORM);
            return List.of();
        }
    }
}
