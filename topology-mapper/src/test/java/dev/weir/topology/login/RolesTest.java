package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolesTest {
    private static Roles roles(String claim, Set<String> viewers) {
        URI any = URI.create("https://idp.example");
        return new Roles(new OidcSettings(
                any, "weir", null, any, List.of(), claim, viewers, Set.of("oncall"), "weir", null, 1, null, false));
    }

    @Test
    void theHighestOfSeveralCounts() {
        Roles roles = roles("groups", Set.of("platform"));
        assertThat(roles.of(Map.of("groups", List.of("platform", "oncall")))).contains(Role.OPERATOR);
        assertThat(roles.of(Map.of("groups", List.of("platform")))).contains(Role.VIEWER);
        assertThat(roles.of(Map.of("groups", "platform"))).contains(Role.VIEWER);
        assertThat(roles.of(Map.of("groups", List.of("Platform", "plat")))).isEmpty();
        assertThat(roles.of(Map.of("groups", List.of(1, true)))).isEmpty();
        assertThat(roles.of(Map.of("groups", Map.of("platform", true)))).isEmpty();
        assertThat(roles.of(Map.of())).isEmpty();
    }

    @Test
    void aClaimMayLieDeeperOrHaveDotsInItsName() {
        Roles roles = roles("realm_access.roles", Set.of("platform"));
        assertThat(roles.of(Map.of("realm_access", Map.of("roles", List.of("platform")))))
                .contains(Role.VIEWER);
        assertThat(roles.of(Map.of("realm_access.roles", List.of("platform")))).contains(Role.VIEWER);
        assertThat(roles.of(Map.of("realm_access", "roles"))).isEmpty();
    }

    @Test
    void aStarIsWhoeverCanLogIn() {
        assertThat(roles("groups", Set.of("*")).of(Map.of())).contains(Role.VIEWER);
        assertThat(roles("groups", Set.of("platform")).of(Map.of("groups", List.of("*"))))
                .isEmpty();
    }
}
