package dev.weir.cli.deploy;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads the files of {@code deploy/} as those will read them who deploy. */
final class Manifests {
    static final Path DEPLOY = Path.of("..", "deploy");

    private static final Map<String, Schema> SCHEMAS = Map.of(
            "v1/Namespace", V1Namespace::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement,
            "v1/ServiceAccount", V1ServiceAccount::validateJsonElement,
            "apps/v1/Deployment", V1Deployment::validateJsonElement,
            "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    private Manifests() {}

    /** Kubernetes' own schema of one kind: throws what it does not know, or misses. */
    private interface Schema {
        void validate(JsonElement manifest) throws IOException;
    }

    /** One YAML document; a key that is there twice is an error. */
    static JsonObject read(Path file) {
        try {
            Object document = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
            return new Gson().toJsonTree(document).getAsJsonObject();
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
    }

    /** Checks a whole manifest against the schema of its kind. */
    static void validate(JsonObject manifest) throws IOException {
        String kind = manifest.get("apiVersion").getAsString() + "/"
                + manifest.get("kind").getAsString();
        Schema schema = SCHEMAS.get(kind);
        if (schema == null) {
            throw new IllegalArgumentException("no schema of " + kind + " is at hand");
        }
        schema.validate(manifest);
    }

    /** The element behind keys and list indexes, such as {@code spec}, {@code containers}, {@code 0}. */
    static JsonElement at(JsonElement from, String... path) {
        JsonElement found = from;
        for (String step : path) {
            JsonElement next = found.isJsonArray()
                    ? found.getAsJsonArray().get(Integer.parseInt(step))
                    : found.getAsJsonObject().get(step);
            if (next == null) {
                throw new IllegalArgumentException("nothing is at " + String.join(".", path));
            }
            found = next;
        }
        return found;
    }

    static Stream<JsonElement> each(JsonElement list) {
        JsonArray array = list.getAsJsonArray();
        return StreamSupport.stream(array.spliterator(), false);
    }

    static Stream<String> texts(JsonObject object, String key) {
        return object.has(key) ? each(object.get(key)).map(JsonElement::getAsString) : Stream.of();
    }
}
