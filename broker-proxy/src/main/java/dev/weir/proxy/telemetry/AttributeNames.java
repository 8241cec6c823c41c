package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Locale;

/** The keys of all attributes, and how the values of closed sets are spelled. */
final class AttributeNames {
    static final AttributeKey<String> LISTENER = AttributeKey.stringKey("listener");
    static final AttributeKey<String> CLUSTER = AttributeKey.stringKey("cluster");
    static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
    static final AttributeKey<String> MECHANISM = AttributeKey.stringKey("mechanism");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
    static final AttributeKey<String> API = AttributeKey.stringKey("api");
    static final AttributeKey<String> DIRECTION = AttributeKey.stringKey("direction");
    static final AttributeKey<String> TOPIC = AttributeKey.stringKey("topic");
    static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("operation");
    static final AttributeKey<String> RESOURCE = AttributeKey.stringKey("resource");
    static final AttributeKey<String> MODE = AttributeKey.stringKey("mode");
    static final AttributeKey<String> ROLE = AttributeKey.stringKey("role");
    static final AttributeKey<String> SECRET = AttributeKey.stringKey("secret");
    static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");
    static final AttributeKey<String> ACTION = AttributeKey.stringKey("action");
    static final AttributeKey<String> REGISTRY = AttributeKey.stringKey("registry");
    static final AttributeKey<String> CANARY = AttributeKey.stringKey("canary");
    static final AttributeKey<String> SIDE = AttributeKey.stringKey("side");
    static final AttributeKey<String> MIRROR = AttributeKey.stringKey("mirror");
    static final AttributeKey<String> FAULT = AttributeKey.stringKey("fault");
    static final AttributeKey<String> QUOTA = AttributeKey.stringKey("quota");
    static final AttributeKey<String> LIMIT = AttributeKey.stringKey("limit");
    static final AttributeKey<String> EFFECT = AttributeKey.stringKey("effect");
    static final AttributeKey<String> REVISION = AttributeKey.stringKey("revision");

    /** In place of a Service, where none matches. */
    static final String UNKNOWN_SERVICE = "unknown";

    private AttributeNames() {}

    static String mode(boolean dryRun) {
        return dryRun ? "dry-run" : "enforce";
    }

    /** {@code HANDSHAKE_TIMEOUT} becomes {@code handshake-timeout}. */
    static String valueOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
