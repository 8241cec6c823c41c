package dev.weir.proxy.upstream;

import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.jspecify.annotations.Nullable;

/**
 * Gives Kafka's own clients in Weir the password that stands in its file when they log in, for PLAIN and SCRAM; what Kafka brings
 * has the one of the start.
 */
public final class PasswordFileHandler implements AuthenticateCallbackHandler {
    private static final String USERNAME = "username";
    private static final String FILE = "passwordFile";

    private String username = "";
    private @Nullable Reloading<String> password;

    /** What is put behind the log-in module of {@code sasl.jaas.config} for it. */
    static String option(Path file) {
        return " " + FILE + "=" + KafkaClientSettings.quoted(file.toString());
    }

    /** Has a client use it, where the password has a file. */
    static void put(UpstreamSasl.Password login, Map<String, Object> settings) {
        if (login.passwordFile() != null) {
            settings.put("sasl.client.callback.handler.class", PasswordFileHandler.class.getName());
        }
    }

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.get(0).getOptions();
        username = String.valueOf(options.get(USERNAME));
        Path file = Path.of(String.valueOf(options.get(FILE)));
        try {
            password = Reloading.open(
                    "Kafka client",
                    List.of(file),
                    (contents, renewal) -> UpstreamSecrets.password(file, contents.get(0)));
        } catch (UnusableFileException e) {
            throw new KafkaException("log-in of a Kafka client in Weir: " + e.getMessage(), e);
        }
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(username);
            } else if (callback instanceof PasswordCallback wanted && password != null) {
                password.check();
                wanted.setPassword(password.current().toCharArray());
            } else if (!(callback instanceof ScramExtensionsCallback)) { // there are none
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {}
}
