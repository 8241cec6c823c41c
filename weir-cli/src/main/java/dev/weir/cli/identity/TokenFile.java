package dev.weir.cli.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.authenticate.token.Claims;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A file with a token (RFC 7519). Its signature is not verified here: who holds a token knows where it is from. */
final class TokenFile {
    private static final int BYTES_MAX = 64 << 10;
    private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

    private TokenFile() {}

    /**
     * The claims of the token in a file as policy sees them: {@link Claims}.
     *
     * @throws CommandFailure in words, which show nothing of the token
     */
    static Map<String, List<String>> claims(Path file) {
        String token;
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new CommandFailure("the token file " + file + " is larger than any token");
            }
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailure("the token file " + file + " cannot be read: " + FailureWords.ofFile(e), e);
        }
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length == 3) {
                byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
                Map<String, Object> claims =
                        new ObjectMapper().readValue(new String(payload, StandardCharsets.UTF_8), CLAIMS);
                if (claims != null && !claims.isEmpty()) {
                    return Claims.of(claims, "").byName();
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
}
