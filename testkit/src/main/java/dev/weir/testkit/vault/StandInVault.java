package dev.weir.testkit.vault;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stand-in. */
final class StandInVault implements TestVault {
    private static final String FORBIDDEN = "kv/data/forbidden";

    private final FakeVault vault = FakeVault.start();

    StandInVault() {
        vault.put(FORBIDDEN, Map.of("password", "not-for-weir"));
        vault.deny(FORBIDDEN);
        vault.role(
                "pki/sign/weir",
                name -> name.equals(ALLOWED_HOST) || name.startsWith("spiffe://shop/") || name.startsWith("127."),
                Duration.ofDays(1));
    }

    @Override
    public URI address() {
        return vault.address();
    }

    @Override
    public @Nullable Path trust() {
        return null;
    }

    @Override
    public String appRoleMount() {
        return "approle";
    }

    @Override
    public AppRole appRole(Duration lifetime, Duration longest) {
        AppRole role = new AppRole("weir", "the-secret-id");
        vault.appRole(role.roleId(), role.secretId(), lifetime, longest);
        return role;
    }

    @Override
    public String secret(String name) {
        return "kv/data/weir/" + name;
    }

    @Override
    public String forbiddenSecret() {
        return FORBIDDEN;
    }

    @Override
    public void put(String path, Map<String, String> fields) {
        vault.put(path, fields);
    }

    @Override
    public void revokeTokens() {
        vault.revokeTokens();
    }

    @Override
    public String signer() {
        return "pki/weir";
    }

    @Override
    public X509Certificate root() {
        return vault.root();
    }

    @Override
    public void close() {
        vault.close();
    }
}
