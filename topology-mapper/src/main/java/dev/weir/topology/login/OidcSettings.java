package dev.weir.topology.login;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * How people and programs prove who they are.
 *
 * @param issuer the identity provider, whose configuration is at {@code /.well-known/openid-configuration} below it
 * @param clientSecret of a confidential client, or {@code null} for a public one
 * @param url where browsers reach the dashboard, without a slash at its end; the redirect URI is {@code url/login/callback}
 * @param scopes asked for besides {@code openid}
 * @param rolesClaim the claim that holds roles or groups: a name, or a path with dots ({@code realm_access.roles})
 * @param viewers its values that make a viewer; {@code *} stands for whoever can log in
 * @param operators its values that make an operator
 * @param audience that bearer tokens have to be for
 * @param sessionKey of AES-256, the same for all instances, or {@code null} for one of this process alone
 * @param sessionMillis how long a log-in holds
 * @param trust PEM file of the authorities that sign the provider's certificate, or {@code null} for those that Java trusts
 * @param metricsOpen whether {@code /metrics} is shown to whoever asks
 */
public record OidcSettings(
        URI issuer,
        String clientId,
        @Nullable String clientSecret,
        URI url,
        List<String> scopes,
        String rolesClaim,
        Set<String> viewers,
        Set<String> operators,
        String audience,
        @Nullable SecretKey sessionKey,
        long sessionMillis,
        @Nullable Path trust,
        boolean metricsOpen) {
    public static final long SESSION_MILLIS_DEFAULT = 8 * 3_600_000L;
    public static final int KEY_BYTES = 32;
    public static final String EVERYBODY = "*";

    public OidcSettings {
        scopes = List.copyOf(scopes);
        viewers = Set.copyOf(viewers);
        operators = Set.copyOf(operators);
    }

    /** Shows no secrets. */
    @Override
    public String toString() {
        return "OidcSettings[issuer=" + issuer + ", clientId=" + clientId + ", url=" + url + "]";
    }
}
