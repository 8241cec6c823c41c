package dev.weir.proxy.authenticate.token;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.Authenticator;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.upstream.BrokerConversation;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** SASL/OAUTHBEARER with the tokens of one issuer. Any thread. */
public final class BearerAuthenticator implements Authenticator {
    private final OAuthBearerConfig config;
    private final IssuerKeys keys;
    private final TokenVerifier verifier;

    /**
     * Makes one; the issuer is asked for its keys at the first {@link #refresh}.
     *
     * @param workers where signatures are checked
     * @param fetched is told of each fetch of keys whether it was good
     * @throws IllegalArgumentException when the authorities to trust for the issuer cannot be read
     */
    public BearerAuthenticator(OAuthBearerConfig config, Executor workers, Consumer<Boolean> fetched) {
        this.config = config;
        this.keys = new IssuerKeys(config, new IssuerClient(config, workers), fetched);
        this.verifier = new TokenVerifier(config, keys, workers);
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.OAUTHBEARER;
    }

    @Override
    public boolean showsSecrets() {
        return true;
    }

    @Override
    public SaslExchange begin(Subject peer, BrokerConversation broker) {
        return new BearerExchange(config, verifier, keys, peer);
    }

    /** Asks for the issuer's keys when it is time to. Does not wait for them. */
    public void refresh() {
        keys.refreshIfDue();
    }

    /** Why tokens cannot be checked, or soon will not be, for people; empty when all is well. */
    public Optional<String> problem() {
        return keys.problem();
    }
}
