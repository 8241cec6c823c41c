package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.SubjectType;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.net.URI;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class EndpointsTest {
    private static final URI ISSUER = URI.create("https://idp.example/realms/platform");
    private static final URI LOCAL = URI.create("http://127.0.0.1:8080");

    private static OIDCProviderMetadata metadata(URI issuer, String base) {
        OIDCProviderMetadata metadata =
                new OIDCProviderMetadata(new Issuer(issuer), List.of(SubjectType.PUBLIC), URI.create(base + "/keys"));
        metadata.setAuthorizationEndpointURI(URI.create(base + "/authorize"));
        metadata.setTokenEndpointURI(URI.create(base + "/token"));
        return metadata;
    }

    @Test
    void addressesOverTlsAreGoneToAndOnOneMachineOthersToo() {
        assertThatCode(() -> Endpoints.check(ISSUER, metadata(ISSUER, "https://elsewhere.example")))
                .doesNotThrowAnyException();
        assertThatCode(() -> Endpoints.check(LOCAL, metadata(LOCAL, LOCAL.toString())))
                .doesNotThrowAnyException();
    }

    static final List<Arguments> SETTERS = List.of(
            endpoint("authorization_endpoint", OIDCProviderMetadata::setAuthorizationEndpointURI),
            endpoint("token_endpoint", OIDCProviderMetadata::setTokenEndpointURI),
            endpoint("end_session_endpoint", OIDCProviderMetadata::setEndSessionEndpointURI));

    private static Arguments endpoint(String name, BiConsumer<OIDCProviderMetadata, URI> setter) {
        return Arguments.of(name, setter);
    }

    @ParameterizedTest
    @FieldSource("SETTERS")
    void noneIsGoneToWithoutTlsWhereTheIssuerHasIt(String name, BiConsumer<OIDCProviderMetadata, URI> setter) {
        for (String address :
                List.of("http://idp.example/x", "http://127.0.0.1/x", "javascript:alert(1)", "ldap://a/b")) {
            OIDCProviderMetadata metadata = metadata(ISSUER, "https://idp.example");
            setter.accept(metadata, URI.create(address));
            assertThatThrownBy(() -> Endpoints.check(ISSUER, metadata))
                    .as(address)
                    .hasMessageContaining("\"" + name + "\" that is not gone to: found " + address);
        }
    }

    @Test
    void keysComeOverTls() {
        OIDCProviderMetadata metadata = new OIDCProviderMetadata(
                new Issuer(ISSUER), List.of(SubjectType.PUBLIC), URI.create("http://idp.example/keys"));
        metadata.setAuthorizationEndpointURI(ISSUER);
        metadata.setTokenEndpointURI(ISSUER);
        assertThatThrownBy(() -> Endpoints.check(ISSUER, metadata))
                .hasMessageContaining("\"jwks_uri\" that is not gone to: found http://idp.example/keys");
    }

    @Test
    void aProviderOnThisMachineLeadsNowhereElseWithoutTls() {
        assertThatThrownBy(() -> Endpoints.check(LOCAL, metadata(LOCAL, "http://idp.example")))
                .hasMessageContaining("expected an https:// address");
    }

    @Test
    void whatIsMissingIsNamed() {
        OIDCProviderMetadata metadata = new OIDCProviderMetadata(
                new Issuer(ISSUER), List.of(SubjectType.PUBLIC), URI.create("https://idp.example/keys"));
        assertThatThrownBy(() -> Endpoints.check(ISSUER, metadata))
                .hasMessageContaining("\"authorization_endpoint\" that is not gone to: found none");
    }
}
