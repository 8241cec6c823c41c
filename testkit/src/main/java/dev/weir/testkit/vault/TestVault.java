package dev.weir.testkit.vault;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Vault with a log-in by AppRole, secrets and an authority for one test: the real server that {@code VAULT_ADDR} and {@code
 * VAULT_TOKEN} name, or the stand-in where they are not set.
 */
public interface TestVault extends AutoCloseable {
    /** The only name that the authority signs, beside addresses. */
    String ALLOWED_HOST = "kafka.example";

    /** One of both, by this process's environment. */
    static TestVault fromEnvironment() {
        String address = System.getenv("VAULT_ADDR");
        String token = System.getenv("VAULT_TOKEN");
        return address == null || token == null
                ? new StandInVault()
                : new RealVault(URI.create(address), token, System.getenv("VAULT_CACERT"));
    }

    URI address();

    /** Whom to trust for its TLS, or {@code null} for whom the JDK trusts. */
    @Nullable
    Path trust();

    /** Where the AppRole log-in is. */
    String appRoleMount();

    /**
     * Lets a role log in that may read secrets and have certificates signed.
     *
     * @param lifetime of a token, unless it is renewed
     * @param longest life of a token, however often it is renewed
     */
    AppRole appRole(Duration lifetime, Duration longest);

    /** What a role logs in with. */
    record AppRole(String roleId, String secretId) {
        @Override
        public String toString() {
            return "AppRole[" + roleId + "]";
        }
    }

    /** The path of a secret that the role may read. */
    String secret(String name);

    /** The path of one that is there and that it may not. */
    String forbiddenSecret();

    void put(String path, Map<String, String> fields);

    /** No token of the role is good any more. */
    void revokeTokens();

    /** The role that signs, as mount and role. It signs {@value #ALLOWED_HOST}, addresses and ids of the trust domain {@code shop}. */
    String signer();

    /** Who signs in the end. */
    X509Certificate root();

    @Override
    void close();
}
