package dev.weir.proxy.authenticate.relay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.PlainMessage;
import dev.weir.proxy.authenticate.PrincipalNames;
import dev.weir.proxy.authenticate.ScramAuthenticator;
import dev.weir.proxy.authenticate.token.BearerMessage;
import dev.weir.proxy.authenticate.token.Claims;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerClientInitialResponse;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFirstMessage;

/**
 * Who a client says that it is, in the first message of an exchange. It is no more than that until the broker has taken the whole
 * exchange. Read with the parsers that brokers use, or more strictly, so that both read the same: what could be read in two ways
 * is refused.
 *
 * @param name the user's
 * @param claims those of a token, as policy sees them; none without one
 */
record Claim(Mechanism mechanism, String name, Map<String, List<String>> claims) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads the first message. Takes CPU as the message is long: not on an event loop.
     *
     * @param principalClaim the claim of a token that brokers take the name from
     */
    static Claim of(Mechanism mechanism, byte[] message, String principalClaim) throws UnusableClaimException {
        Claim claim = switch (mechanism) {
            case PLAIN -> plain(message);
            case SCRAM_SHA_256, SCRAM_SHA_512 -> scram(mechanism, message);
            case OAUTHBEARER -> token(message, principalClaim);
            case NONE, MTLS -> throw new UnusableClaimException(mechanism.wireName() + " is no SASL mechanism");
        };
        Optional<String> problem = PrincipalNames.problem(claim.name);
        if (problem.isPresent()) {
            throw new UnusableClaimException("names no principal: " + problem.get());
        }
        return claim;
    }

    private static Claim plain(byte[] message) throws UnusableClaimException {
        PlainMessage read = PlainMessage.parse(message)
                .orElseThrow(() -> new UnusableClaimException(
                        "a message without exactly an authorization id, a user and a password"));
        return named(Mechanism.PLAIN, read.user(), read.authorizationId(), Map.of());
    }

    /** RFC 5802. Extensions are refused: by {@code tokenauth} the broker would see the owner of a delegation token. */
    private static Claim scram(Mechanism mechanism, byte[] message) throws UnusableClaimException {
        if (message.length > ScramAuthenticator.MESSAGE_BYTES_MAX) {
            throw new UnusableClaimException("a message of " + message.length + " bytes");
        }
        try {
            ClientFirstMessage first = new ClientFirstMessage(message);
            if (!first.extensions().map().isEmpty()) {
                throw new UnusableClaimException("a message with extensions; delegation tokens are not passed on");
            }
            return named(mechanism, ScramFormatter.username(first.saslName()), first.authorizationId(), Map.of());
        } catch (SaslException | IllegalArgumentException e) {
            throw new UnusableClaimException("a message that is no first one");
        }
    }

    /** RFC 7628, with a JWT (RFC 7519). Its signature is the broker's business. */
    private static Claim token(byte[] message, String principalClaim) throws UnusableClaimException {
        BearerMessage read;
        OAuthBearerClientInitialResponse brokers;
        try {
            read = BearerMessage.parse(message);
            brokers = new OAuthBearerClientInitialResponse(message);
        } catch (SaslException | IllegalArgumentException e) {
            throw new UnusableClaimException("a message that is no first one");
        }
        if (!brokers.tokenValue().equals(read.token())
                || !brokers.authorizationId().equals(read.authorizationId())) {
            throw new UnusableClaimException("a message that can be read in two ways");
        }
        Map<String, Object> payload = payload(read.token());
        if (!(payload.get(principalClaim) instanceof String name)) {
            throw new UnusableClaimException("a token without a text as its claim " + principalClaim);
        }
        return named(
                Mechanism.OAUTHBEARER,
                name,
                read.authorizationId(),
                Claims.of(payload, "").byName());
    }

    private static Map<String, Object> payload(String token) throws UnusableClaimException {
        String[] parts = token.split("\\.", -1);
        if (parts.length == 3) {
            try {
                Map<String, Object> payload =
                        JSON.readValue(Base64.getUrlDecoder().decode(parts[1]), new TypeReference<>() {});
                if (payload != null) {
                    return payload;
                }
            } catch (IOException | IllegalArgumentException e) {
                // said below
            }
        }
        throw new UnusableClaimException("a token that is no JWT, or one that can be read in two ways");
    }

    /** Brokers refuse another authorization id, too; the difference is that this does not depend on them. */
    private static Claim named(
            Mechanism mechanism, String name, String authorizationId, Map<String, List<String>> claims)
            throws UnusableClaimException {
        if (!authorizationId.isEmpty() && !authorizationId.equals(name)) {
            throw new UnusableClaimException("an authorization id that is not the user's name");
        }
        return new Claim(mechanism, name, claims);
    }

    /** The broker has taken it. */
    Subject proven(Subject peer) {
        return mechanism == Mechanism.OAUTHBEARER
                ? Subject.bearer(name, claims, peer.tls(), peer.source())
                : Subject.sasl(name, mechanism, peer.tls(), peer.source());
    }
}
