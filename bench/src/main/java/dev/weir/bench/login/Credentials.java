package dev.weir.bench.login;

import dev.weir.identity.IdentityException;
import dev.weir.identity.authority.BuiltInAuthority;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.client.Handout;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * A folder with what services prove by who they are, and with what Weir checks it: certificates, passwords, tokens.
 *
 * @param services how many
 */
record Credentials(Path folder, int services) {
    private static final Duration LIFETIME = Duration.ofHours(2);
    private static final String CERTIFICATE = "certificate.pem";
    private static final String KEY = "key.pem";
    private static final String AUTHORITIES = "ca.pem";
    private static final String TOKEN = "token";
    private static final String USERS = "users.txt";
    private static final String LISTENER = "listener";

    /** Makes them: each service has a certificate, a password for PLAIN and for SCRAM, and a token. */
    static Credentials create(Path folder, int services, KeyType listenerKey, TokenIssuer issuer)
            throws IdentityException, IOException {
        Credentials all = new Credentials(folder, services);
        TrustDomain domain = TrustDomain.of("bench");
        BuiltInAuthority authority = BuiltInAuthority.create(
                folder.resolve("authority"), domain, KeyType.EC_P256, LIFETIME.multipliedBy(2), Clock.systemUTC());
        Handout.into(folder.resolve(LISTENER), false)
                .listener(authority.issue(
                        CertificateRequest.listener(List.of(HostName.of("localhost")), LIFETIME), listenerKey));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < services; i++) {
            String name = name(i);
            Handout.into(folder.resolve(name), false)
                    .listener(authority.issue(
                            CertificateRequest.service(SpiffeId.of(domain, name), LIFETIME), KeyType.EC_P256));
            Files.writeString(folder.resolve(name).resolve(TOKEN), issuer.token(name));
            String password = password(i);
            lines.append(name)
                    .append(':')
                    .append(PasswordHash.create(password).encoded())
                    .append('\n');
            for (Mechanism scram : List.of(Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512)) {
                lines.append(name)
                        .append(':')
                        .append(ScramKeys.create(scram, password, ScramKeys.ITERATIONS_DEFAULT)
                                .encoded())
                        .append('\n');
            }
        }
        Files.writeString(all.users(), lines);
        return all;
    }

    static String name(int service) {
        return "service-" + service;
    }

    static String password(int service) {
        return "password of " + service;
    }

    Path listenerCertificate() {
        return folder.resolve(LISTENER).resolve(CERTIFICATE);
    }

    Path listenerKey() {
        return folder.resolve(LISTENER).resolve(KEY);
    }

    Path authorities() {
        return folder.resolve(LISTENER).resolve(AUTHORITIES);
    }

    Path users() {
        return folder.resolve(USERS);
    }

    Path certificate(int service) {
        return folder.resolve(name(service)).resolve(CERTIFICATE);
    }

    Path key(int service) {
        return folder.resolve(name(service)).resolve(KEY);
    }

    String token(int service) {
        try {
            return Files.readString(folder.resolve(name(service)).resolve(TOKEN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
