package dev.weir.proxy.authenticate.relay;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.Authenticator;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.upstream.BrokerConversation;

/**
 * A SASL mechanism whose exchanges brokers decide.
 *
 * @param principalClaim the claim of a token that brokers take the name from
 */
public record RelayedAuthenticator(Mechanism mechanism, String principalClaim) implements Authenticator {
    @Override
    public boolean showsSecrets() {
        return mechanism == Mechanism.PLAIN || mechanism == Mechanism.OAUTHBEARER;
    }

    @Override
    public SaslExchange begin(Subject peer, BrokerConversation broker) {
        return new RelayedExchange(broker, mechanism, principalClaim, peer);
    }
}
