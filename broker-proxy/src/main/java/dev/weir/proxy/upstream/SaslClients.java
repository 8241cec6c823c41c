package dev.weir.proxy.upstream;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.UpstreamSasl;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerSaslClient;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslClient;

/** The client's side of SASL mechanisms: the JDK's for PLAIN, Kafka's own for the rest. One exchange each. */
final class SaslClients {
    private SaslClients() {}

    /** With a user name and a password. Its steps take milliseconds of CPU with SCRAM. */
    static SaslClient of(UpstreamSasl.Password login) throws SaslException {
        CallbackHandler handler = callbacks -> answer(callbacks, login);
        if (login.mechanism() == Mechanism.PLAIN) {
            String[] plain = {login.mechanism().wireName()};
            return Sasl.createSaslClient(plain, null, "kafka", null, Map.of(), handler);
        }
        try {
            return new ScramSaslClient(
                    ScramMechanism.forMechanismName(login.mechanism().wireName()), handler);
        } catch (NoSuchAlgorithmException e) {
            throw new SaslException("this JDK has no " + login.mechanism().wireName(), e);
        }
    }

    private static void answer(Callback[] callbacks, UpstreamSasl.Password login) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(login.username());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(login.password().toCharArray());
            } else {
                throw new UnsupportedCallbackException(callback); // SCRAM's extensions: none
            }
        }
    }

    /** With an access token. */
    static SaslClient of(AccessToken token) {
        return new OAuthBearerSaslClient(new TokenHandler(token));
    }

    private record TokenHandler(AccessToken token) implements AuthenticateCallbackHandler {
        @Override
        public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
            for (Callback callback : callbacks) {
                if (callback instanceof OAuthBearerTokenCallback wanted) {
                    wanted.token(new KafkaToken(token, Set.of(), ""));
                } else if (!(callback instanceof SaslExtensionsCallback)) {
                    throw new UnsupportedCallbackException(callback);
                }
            }
        }

        @Override
        public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {}

        @Override
        public void close() {}
    }
}
