package dev.weir.testkit.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client said it saw.
 *
 * @param acked records that the cluster acknowledged; kcat does not say their offsets, and these are -1 then
 * @param received records that the client consumed, in its order
 * @param topics names of the topics that the client saw
 * @param groups names of the groups that the client could describe
 * @param errors what failed
 * @param done whether the client did all of its task
 */
public record ClientReport(
        List<Acked> acked,
        List<Received> received,
        Set<String> topics,
        Set<String> groups,
        List<Failure> errors,
        boolean done) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public record Acked(int partition, long offset) {}

    public record Received(int partition, long offset, String key, String value) {}

    /**
     * A failure in Kafka's words.
     *
     * @param code name of Kafka's error, for example {@code TOPIC_AUTHORIZATION_FAILED}; the library's own name where it has none
     */
    public record Failure(String code, String message) {}

    public List<String> values() {
        return received.stream().map(Received::value).toList();
    }

    public Set<String> errorCodes() {
        Set<String> codes = new TreeSet<>();
        errors.forEach(failure -> codes.add(failure.code()));
        return codes;
    }

    /** Reads the lines that a program around a library printed. A line that is no JSON object is the library's own talk. */
    static ClientReport parse(List<String> lines) {
        List<Acked> acked = new ArrayList<>();
        List<Received> received = new ArrayList<>();
        Set<String> topics = new TreeSet<>();
        Set<String> groups = new TreeSet<>();
        List<Failure> errors = new ArrayList<>();
        boolean done = false;
        for (String line : lines) {
            if (!line.startsWith("{\"event\"")) {
                continue;
            }
            JsonNode event = json(line);
            switch (event.path("event").asText()) {
                case "acked" ->
                    acked.add(new Acked(
                            event.path("partition").asInt(),
                            event.path("offset").asLong()));
                case "record" ->
                    received.add(new Received(
                            event.path("partition").asInt(),
                            event.path("offset").asLong(),
                            event.path("key").asText(),
                            event.path("value").asText()));
                case "topic" -> topics.add(event.path("name").asText());
                case "group" -> groups.add(event.path("name").asText());
                case "error" ->
                    errors.add(new Failure(
                            event.path("code").asText(), event.path("message").asText()));
                case "done" -> done = true;
                default -> throw new IllegalStateException("a client program printed an unknown event: " + line);
            }
        }
        return new ClientReport(acked, received, topics, groups, errors, done);
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a client program printed what is no JSON: " + line, e);
        }
    }
}
