package dev.weir.cli.demo;

import dev.weir.cli.CommandFailure;
import dev.weir.identity.IdentityException;
import dev.weir.identity.authority.BuiltInAuthority;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.client.Handout;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.config.OAuthBearerConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.jspecify.annotations.Nullable;

/**
 * Who is who in the demo, and by what each proves it: a users file, an authority with certificates, an issuer of tokens.
 * Says what listeners ask for, and what clients show.
 */
final class DemoIdentities implements AutoCloseable {
    private static final String TRUST_DOMAIN = "shop.demo";
    private static final Duration LIFETIME = Duration.ofDays(30);
    /** Where Kafka's client may ask for tokens (since 4.0, so that no configuration sends it elsewhere). */
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private final Path folder;
    private final Path users;
    private final BuiltInAuthority authority;
    private final Handout server;
    private final DemoIssuer issuer;

    private DemoIdentities(Path folder, Path users, BuiltInAuthority authority, Handout server, DemoIssuer issuer) {
        this.folder = folder;
        this.users = users;
        this.authority = authority;
        this.server = server;
        this.issuer = issuer;
    }

    /** @param folder where users, keys and certificates go */
    static DemoIdentities create(Path folder, String host) {
        try {
            Clock clock = Clock.systemUTC();
            BuiltInAuthority authority = BuiltInAuthority.create(
                    folder.resolve("ca"),
                    TrustDomain.of(TRUST_DOMAIN),
                    KeyType.EC_P256,
                    LIFETIME.multipliedBy(2),
                    clock);
            Handout server = Handout.into(folder.resolve("listener"), false);
            server.listener(authority.issue(
                    CertificateRequest.listener(List.of(HostName.of(host)), LIFETIME), KeyType.EC_P256));
            Path users = DemoUsers.write(folder.resolve("users.txt"));
            DemoIssuer issuer = DemoIssuer.start(Set.copyOf(Shop.USERS), DemoUsers.PASSWORD);
            System.setProperty(ALLOWED_URLS, issuer.tokenEndpoint());
            return new DemoIdentities(folder, users, authority, server, issuer);
        } catch (IdentityException e) {
            throw new CommandFailure("the demo's certificates cannot be made: " + e.getMessage(), e);
        }
    }

    /** Where services get their tokens. */
    String tokenEndpoint() {
        return issuer.tokenEndpoint();
    }

    /** Where a service's key, certificate and client configurations are. */
    Path handout(String service) {
        return folder.resolve(service);
    }

    @Nullable
    ListenerTls tls(Door door) {
        return door == Door.PASSWORD
                ? null
                : new ListenerTls(
                        server.certificate(),
                        server.key(),
                        door == Door.CERTIFICATE ? ClientAuth.REQUIRED : ClientAuth.NONE,
                        door == Door.CERTIFICATE ? server.authorities() : null,
                        List.of(CertificatePrincipal.SAN_URI));
    }

    @Nullable
    ListenerSasl sasl(Door door) {
        return switch (door) {
            case PASSWORD -> new ListenerSasl(users, true);
            case CERTIFICATE -> null;
            case TOKEN -> new ListenerSasl(List.of(Mechanism.OAUTHBEARER), null, tokens(), false, 0);
        };
    }

    private OAuthBearerConfig tokens() {
        return new OAuthBearerConfig(
                issuer.url(),
                null,
                List.of(DemoIssuer.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                OAuthBearerConfig.PRINCIPAL_CLAIM_DEFAULT,
                "",
                OAuthBearerConfig.CLOCK_SKEW_DEFAULT_MILLIS,
                OAuthBearerConfig.KEYS_REFRESH_DEFAULT_MILLIS,
                OAuthBearerConfig.KEYS_KEPT_DEFAULT_MILLIS,
                null);
    }

    /** What a service connects with; makes its certificate where it needs one. */
    Map<String, Object> client(Role role, String bootstrap) {
        Map<String, Object> client = new HashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        switch (role.door()) {
            case PASSWORD -> {
                client.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_PLAINTEXT");
                client.put(SaslConfigs.SASL_MECHANISM, "PLAIN");
                client.put(
                        SaslConfigs.SASL_JAAS_CONFIG,
                        logIn(PlainLoginModule.class, "username", role.user(), "password"));
            }
            case CERTIFICATE -> {
                Path own = handOut(role.user(), bootstrap);
                client.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL");
                client.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
                client.put(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, own.toString());
                trust(client);
            }
            case TOKEN -> {
                client.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
                client.put(SaslConfigs.SASL_MECHANISM, "OAUTHBEARER");
                client.put(
                        SaslConfigs.SASL_JAAS_CONFIG,
                        logIn(OAuthBearerLoginModule.class, "clientId", role.user(), "clientSecret"));
                client.put(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, issuer.tokenEndpoint());
                client.put(
                        SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, OAuthBearerLoginCallbackHandler.class.getName());
                trust(client);
            }
        }
        return client;
    }

    private void trust(Map<String, Object> client) {
        client.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
        client.put(
                SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, server.authorities().toString());
    }

    private static String logIn(Class<?> module, String nameKey, String name, String secretKey) {
        return module.getName() + " required " + nameKey + "=\"" + name + "\" " + secretKey + "=\"" + DemoUsers.PASSWORD
                + "\";";
    }

    private Path handOut(String service, String bootstrap) {
        try {
            SpiffeId id = SpiffeId.of(authority.trustDomain(), service);
            Handout handout = Handout.into(handout(service), true);
            handout.service(
                    authority.issue(CertificateRequest.service(id, LIFETIME), KeyType.EC_P256),
                    bootstrap,
                    id.toString());
            return handout.keyStore();
        } catch (IdentityException e) {
            throw new CommandFailure("no certificate for " + service + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        System.clearProperty(ALLOWED_URLS);
        issuer.close();
    }
}
