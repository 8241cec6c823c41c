package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.equivalence.Case.Kind;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What a client says before it has said who it is, and what it says about itself. {@link User#BOB} gets his password wrong. */
final class ConnectionCases {
    /** Not offered: see {@link IntendedDifference}. */
    private static final Set<ApiKeys> OWN = Set.of(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, ApiKeys.PUSH_TELEMETRY);

    private ConnectionCases() {}

    static Stream<Case> all() {
        return Stream.of(
                talking(ApiKeys.API_VERSIONS, "before and after login", Kind.READS, talk -> {
                    try (RawKafkaConnection connection = talk.newConnection()) {
                        talk.hear(
                                withoutOwn(connection
                                        .request(apiVersions(talk), talk.version())
                                        .body()),
                                talk.version());
                    }
                    talk.hear(
                            withoutOwn(talk.connection()
                                    .request(apiVersions(talk), talk.version())
                                    .body()),
                            talk.version());
                }),
                talking(ApiKeys.SASL_HANDSHAKE, "mechanisms", Kind.READS, talk -> {
                    for (String mechanism : new String[] {"PLAIN", "GSSAPI"}) {
                        try (RawKafkaConnection connection = talk.newConnection()) {
                            talk.hear(
                                    connection
                                            .request(
                                                    new SaslHandshakeRequestData().setMechanism(mechanism),
                                                    talk.version())
                                            .body(),
                                    talk.version());
                        }
                    }
                }),
                reading(
                        ApiKeys.SASL_HANDSHAKE,
                        "out of place",
                        (s, v) -> new SaslHandshakeRequestData().setMechanism("PLAIN")),
                talking(ApiKeys.SASL_AUTHENTICATE, "passwords", Kind.READS, talk -> {
                    try (RawKafkaConnection connection = talk.newConnection()) {
                        connection.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1);
                        String password =
                                talk.user() == User.BOB ? "wrong" : talk.user().login();
                        talk.hear(
                                connection
                                        .request(authenticate(talk.user().login(), password), talk.version())
                                        .body(),
                                talk.version());
                        if (talk.user() == User.BOB) {
                            talk.hear("closed " + connection.awaitClosedInSilence());
                        }
                    }
                }),
                reading(ApiKeys.SASL_AUTHENTICATE, "out of place", (s, v) -> authenticate("bob", "bob")));
    }

    private static ApiMessage apiVersions(Conversation talk) {
        return talk.version() < 3
                ? new ApiVersionsRequestData()
                : new ApiVersionsRequestData().setClientSoftwareName("a").setClientSoftwareVersion("1");
    }

    /** Without the APIs and versions that are not offered because they are brokers' own, or that Weir answers itself. */
    private static ApiMessage withoutOwn(ApiMessage answer) {
        ApiVersionsResponseData versions = (ApiVersionsResponseData) answer;
        versions.apiKeys()
                .removeIf(api -> ApiAuthorizers.NEVER.contains(ApiKeys.forId(api.apiKey()))
                        || OWN.contains(ApiKeys.forId(api.apiKey())));
        versions.apiKeys().forEach(api -> {
            short highest = ApiAuthorizers.clientVersionMax(ApiKeys.forId(api.apiKey()));
            api.setMaxVersion((short) Math.min(api.maxVersion(), highest));
        });
        return answer;
    }

    private static SaslAuthenticateRequestData authenticate(String user, String password) {
        return new SaslAuthenticateRequestData()
                .setAuthBytes(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }
}
