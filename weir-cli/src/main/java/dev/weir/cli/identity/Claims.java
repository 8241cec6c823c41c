package dev.weir.cli.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a token says (RFC 7519). Its signature is not verified here: who holds a token knows where it is from. */
final class Claims {
    private static final int BYTES_MAX = 64 << 10;

    private Claims() {}

    /**
     * The claims of the token in a file, each with its values; what is no text, number, truth or list of these is left out.
     *
     * @throws CommandFailure in words, which show nothing of the token
     */
    static Map<String, List<String>> read(Path file) {
        String token;
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new CommandFailure("the token file " + file + " is larger than any token");
            }
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailure("the token file " + file + " cannot be read: " + e.getMessage(), e);
        }
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length == 3) {
                byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
                JsonNode claims = new ObjectMapper().readTree(new String(payload, StandardCharsets.UTF_8));
                if (claims.isObject() && !claims.isEmpty()) {
                    return values(claims);
                }
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // without the cause, which would show a part of the token
            throw notToken(file);
        }
        throw notToken(file);
    }

    private static CommandFailure notToken(Path file) {
        return new CommandFailure("the file " + file + " holds no signed JWT; expected HEADER.PAYLOAD.SIGNATURE");
    }

    private static Map<String, List<String>> values(JsonNode claims) {
        Map<String, List<String>> values = new TreeMap<>();
        claims.properties().forEach(claim -> {
            List<String> texts = new ArrayList<>();
            if (claim.getValue().isArray()) {
                claim.getValue().forEach(element -> add(element, texts));
            } else {
                add(claim.getValue(), texts);
            }
            if (!texts.isEmpty()) {
                values.put(claim.getKey(), List.copyOf(texts));
            }
        });
        return values;
    }

    private static void add(JsonNode value, List<String> texts) {
        if (value.isValueNode() && !value.isNull()) {
            texts.add(value.asText());
        }
    }
}
