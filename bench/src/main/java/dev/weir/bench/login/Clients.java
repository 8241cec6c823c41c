package dev.weir.bench.login;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/** What each client brings along. Services take turns: client n is of service n modulo how many there are. */
final class Clients {
    private final List<SslContext> byCertificate = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final SslContext anonymous;

    Clients(Credentials credentials) throws SSLException {
        for (int i = 0; i < credentials.services(); i++) {
            tokens.add(credentials.token(i));
            byCertificate.add(context(credentials)
                    .keyManager(
                            credentials.certificate(i).toFile(),
                            credentials.key(i).toFile())
                    .build());
        }
        anonymous = context(credentials).build();
    }

    /** The name of the host is not checked, as no engine is told one: so no session is resumed, and every handshake is whole. */
    private static SslContextBuilder context(Credentials credentials) {
        return SslContextBuilder.forClient()
                .trustManager(credentials.authorities().toFile())
                .endpointIdentificationAlgorithm(null);
    }

    SslContext tls(Way way, int client) {
        return way == Way.MTLS ? byCertificate.get(client % byCertificate.size()) : anonymous;
    }

    LogIn logIn(Way way, int client) {
        int service = client % tokens.size();
        String name = Credentials.name(service);
        return switch (way) {
            case MTLS -> LogIn.BY_CERTIFICATE;
            case PLAIN -> LogIn.Once.plain(name, Credentials.password(service));
            case SCRAM -> new LogIn.Scram(ScramMechanism.SCRAM_SHA_512, name, Credentials.password(service));
            case OAUTHBEARER -> LogIn.Once.token(tokens.get(service));
        };
    }
}
