package dev.weir.testkit.clients;

import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a client connects to and how it proves who it is, in each library's own words.
 *
 * @param bootstrap {@code host:port,...}
 * @param ca whose certificates the client trusts; null for a connection without TLS
 * @param identity the client's certificate, or null
 * @param login name and password for SASL, or null
 */
public record ClientAccess(
        String bootstrap,
        @Nullable TestCa ca,
        @Nullable TestCertificate identity,
        @Nullable Login login) {

    /** Name and password, for SASL/PLAIN unless another mechanism is named; for OAUTHBEARER the password is the token. */
    public record Login(String user, String password, String mechanism) {
        public Login(String user, String password) {
            this(user, password, "PLAIN");
        }

        boolean isToken() {
            return mechanism.equals("OAUTHBEARER");
        }

        boolean isScram() {
            return mechanism.startsWith("SCRAM-");
        }

        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    public static ClientAccess plaintext(String bootstrap) {
        return new ClientAccess(bootstrap, null, null, null);
    }

    public static ClientAccess saslPlain(String bootstrap, String user, String password) {
        return new ClientAccess(bootstrap, null, null, new Login(user, password));
    }

    public static ClientAccess saslScram(String bootstrap, String user, String password, String mechanism) {
        return new ClientAccess(bootstrap, null, null, new Login(user, password, mechanism));
    }

    /** With this very token, as long as the client lives. */
    public static ClientAccess oauthBearer(String bootstrap, String token) {
        return new ClientAccess(bootstrap, null, null, new Login("", token, "OAUTHBEARER"));
    }

    public static ClientAccess mutualTls(String bootstrap, TestCa ca, TestCertificate identity) {
        return new ClientAccess(bootstrap, ca, identity, null);
    }

    public ClientAccess withTls(TestCa trusted) {
        return new ClientAccess(bootstrap, trusted, identity, login);
    }

    /** {@code security.protocol}, which all libraries but the JavaScript ones call the same. */
    public String securityProtocol() {
        return (login == null ? "" : "SASL_") + (ca == null ? "PLAINTEXT" : "SSL");
    }

    /** For any Java client since 2.0: certificates as PKCS#12, since those before 2.7 know no PEM. */
    public Map<String, String> javaProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("security.protocol", securityProtocol());
        if (login != null && login.isToken()) {
            properties.put("sasl.mechanism", login.mechanism());
            properties.put("sasl.jaas.config", FixedToken.jaas(login.password()));
            properties.put("sasl.login.callback.handler.class", FixedToken.class.getName());
        } else if (login != null) {
            String module = login.isScram() ? "scram.ScramLoginModule" : "plain.PlainLoginModule";
            properties.put("sasl.mechanism", login.mechanism());
            properties.put(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security." + module + " required username=\"" + login.user()
                            + "\" password=\"" + login.password() + "\";");
        }
        if (ca != null) {
            properties.put("ssl.truststore.type", "PKCS12");
            properties.put("ssl.truststore.location", ca.trustPkcs12().toString());
            properties.put("ssl.truststore.password", TestCa.PASSWORD);
        }
        if (identity != null) {
            properties.put("ssl.keystore.type", "PKCS12");
            properties.put("ssl.keystore.location", identity.pkcs12().toString());
            properties.put("ssl.keystore.password", TestCa.PASSWORD);
            properties.put("ssl.key.password", TestCa.PASSWORD);
        }
        return properties;
    }

    /** For librdkafka: kcat and confluent-kafka. */
    public Map<String, String> librdkafkaProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("security.protocol", securityProtocol());
        if (login != null && login.isToken()) {
            throw new IllegalArgumentException("librdkafka takes a token from a program alone, and kcat is none");
        }
        if (login != null) {
            properties.put("sasl.mechanism", login.mechanism());
            properties.put("sasl.username", login.user());
            properties.put("sasl.password", login.password());
        }
        if (ca != null) {
            properties.put("ssl.ca.location", ca.pem().toString());
        }
        if (identity != null) {
            properties.put("ssl.certificate.location", identity.chainPem().toString());
            properties.put("ssl.key.location", identity.keyPem().toString());
        }
        return properties;
    }

    /** In neutral words, which the programs around the other libraries translate. */
    Map<String, String> neutralArguments() {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("bootstrap", bootstrap);
        arguments.put("security.protocol", securityProtocol());
        if (login != null) {
            arguments.put("user", login.user());
            arguments.put(login.isToken() ? "token" : "password", login.password());
            arguments.put("mechanism", login.mechanism());
        }
        if (ca != null) {
            arguments.put("ca", ca.pem().toString());
        }
        if (identity != null) {
            arguments.put("certificate", identity.chainPem().toString());
            arguments.put("key", identity.keyPem().toString());
        }
        return arguments;
    }
}
