package dev.weir.testkit.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.testkit.certs.TestCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers as Confluent's registry is documented to, GUIDs included, and fails in all the ways that a real one cannot be
 * made to. On loopback. Any thread.
 */
public final class FakeRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SCHEMA = Pattern.compile("/schemas/(ids|guids)/([^/]+)(/versions|/ids)?");
    private static final Pattern VERSION = Pattern.compile("/subjects/([^/]+)/versions(?:/([^/]+))?");

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private @Nullable TestCertificate certificate;
    private final int port;
    private volatile Mood mood = Mood.WELL;
    private volatile int status;
    private volatile @Nullable String retryAfter;
    private volatile @Nullable String authorization;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    private enum Mood {
        WELL,
        FAILING,
        HELD,
        GIANT,
        HTML
    }

    /** A reference to a version of a subject, which need not be there. */
    public record Reference(String name, String subject, int version) {}

    private record Entry(int id, String subject, int version, String type, String schema, List<Reference> references) {
        String guid() {
            return UUID.nameUUIDFromBytes(schema.getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("subject", subject);
            json.put("version", version);
            json.put("id", id);
            json.put("guid", guid());
            if (!type.equals("AVRO")) {
                json.put("schemaType", type);
            }
            json.put("schema", schema);
            json.put("references", references);
            return json;
        }
    }

    private FakeRegistry(@Nullable TestCertificate certificate) {
        this.certificate = certificate;
        this.port = listen(0);
    }

    /** Over HTTP. */
    public static FakeRegistry start() {
        return new FakeRegistry(null);
    }

    /** Over HTTPS. */
    public static FakeRegistry start(TestCertificate certificate) {
        return new FakeRegistry(certificate);
    }

    private synchronized int listen(int wanted) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
            HttpServer made;
            if (certificate == null) {
                made = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
                made = secure;
            }
            ExecutorService pool = Executors.newCachedThreadPool();
            made.setExecutor(pool);
            made.createContext("/", this::handle);
            made.start();
            server = made;
            threads = pool;
            return made.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a fake registry", e);
        }
    }

    public synchronized URI url() {
        return URI.create((certificate == null ? "http" : "https") + "://127.0.0.1:" + port);
    }

    /** Registers an Avro schema; the same text has the same id under every subject. */
    public int register(String subject, String schema, Reference... references) {
        return register("AVRO", subject, schema, references);
    }

    /** Registers a schema. */
    public synchronized int register(String type, String subject, String schema, Reference... references) {
        int id = entries.stream()
                .filter(entry -> entry.schema().equals(schema))
                .mapToInt(Entry::id)
                .findFirst()
                .orElse(entries.size() + 1);
        int version = (int) entries.stream()
                        .filter(entry -> entry.subject().equals(subject))
                        .count()
                + 1;
        entries.add(new Entry(id, subject, version, type, schema, List.of(references)));
        return id;
    }

    /** The GUID of a schema. */
    public synchronized UUID guid(int id) {
        return UUID.fromString(entries.stream()
                .filter(entry -> entry.id() == id)
                .findFirst()
                .orElseThrow()
                .guid());
    }

    /** Answers everything with this status. */
    public void failWith(int code, @Nullable String retryAfterSeconds) {
        status = code;
        retryAfter = retryAfterSeconds;
        mood = Mood.FAILING;
    }

    /** Answers nothing, until it is well again. */
    public void hold() {
        held = new CountDownLatch(1);
        mood = Mood.HELD;
    }

    /** Answers with more than anybody wants to read. */
    public void beGiant() {
        mood = Mood.GIANT;
    }

    /** Answers with a page for people. */
    public void answerHtml() {
        mood = Mood.HTML;
    }

    /** Answers as it should. */
    public void beWell() {
        mood = Mood.WELL;
        held.countDown();
    }

    /** Lets in only who says this. */
    public void require(@Nullable String header) {
        authorization = header;
    }

    /** The paths that were asked for, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            String wanted = authorization;
            if (wanted != null && !wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, Map.of("error_code", 401, "message", "Unauthorized"));
                return;
            }
            switch (mood) {
                case WELL -> answer(exchange, path);
                case FAILING -> {
                    String pause = retryAfter;
                    if (pause != null) {
                        exchange.getResponseHeaders().add("Retry-After", pause);
                    }
                    send(exchange, status, Map.of("error_code", status * 100 + 1, "message", "told to"));
                }
                case HELD -> {
                    held.await();
                    answer(exchange, path);
                }
                case GIANT -> endless(exchange);
                case HTML -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("<html>Welcome".getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends when the client does. */
    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] part = "{\"schema\": \"".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
                out.write(part);
            }
        } catch (IOException e) {
            return; // it has had enough
        }
    }

    private synchronized void answer(HttpExchange exchange, String path) throws IOException {
        Matcher schema = SCHEMA.matcher(path);
        Matcher version = VERSION.matcher(path);
        if (schema.matches()) {
            List<Entry> found = entries.stream()
                    .filter(entry ->
                            schema.group(2).equals("ids".equals(schema.group(1)) ? "" + entry.id() : entry.guid()))
                    .toList();
            if (found.isEmpty()) {
                send(exchange, 404, Map.of("error_code", 40403, "message", "Schema not found"));
            } else if (schema.group(3) == null) {
                send(exchange, 200, found.get(0).json());
            } else if (schema.group(3).equals("/ids")) {
                send(
                        exchange,
                        200,
                        List.of(Map.of("context", ".", "id", found.get(0).id())));
            } else {
                send(exchange, 200, found.stream().map(Entry::json).toList());
            }
        } else if (version.matches()) {
            List<Entry> found = entries.stream()
                    .filter(entry -> entry.subject().equals(version.group(1)))
                    .toList();
            String number = version.group(2);
            List<Entry> wanted = found.stream()
                    .filter(entry -> number == null
                            || number.equals("" + entry.version())
                            || (number.equals("latest") && entry.version() == found.size()))
                    .toList();
            if (wanted.isEmpty()) {
                send(exchange, 404, Map.of("error_code", found.isEmpty() ? 40401 : 40402, "message", "not found"));
            } else {
                send(
                        exchange,
                        200,
                        number == null
                                ? wanted.stream().map(Entry::version).toList()
                                : wanted.get(0).json());
            }
        } else {
            send(exchange, 404, Map.of("error_code", 404, "message", "HTTP 404 Not Found"));
        }
    }

    private static void send(HttpExchange exchange, int code, Object json) throws IOException {
        byte[] body = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Stops answering; connections to it are refused. */
    public synchronized void stop() {
        held.countDown();
        HttpServer running = server;
        ExecutorService pool = threads;
        if (running != null && pool != null) {
            running.stop(0);
            pool.shutdownNow();
            server = null;
        }
    }

    /** Answers again, at the same address, with what it had. */
    public void restart() {
        listen(port);
    }

    /** Shows another certificate from now on, on new connections; those that are there are closed. */
    public synchronized void present(TestCertificate other) {
        stop();
        certificate = other;
        restart();
    }

    @Override
    public void close() {
        stop();
    }
}
