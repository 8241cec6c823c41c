package dev.weir.proxy.authorize;

import dev.weir.proxy.authorize.ConfigChange.Resource;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.ApiError;

/**
 * AlterConfigs, which replaces all configs of a resource, and IncrementalAlterConfigs, which changes single ones: each
 * resource is decided by itself ({@link ConfigChange}), and those that are refused do not go to the broker.
 *
 * @param <Q> the request
 * @param <R> the result of one resource
 * @param <S> the response
 */
final class ConfigChangeAuthorizer<Q extends ApiMessage, R, S extends ApiMessage> implements ApiAuthorizer<Q> {

    /** The generated classes of one of the two APIs. */
    interface Messages<Q, R, S> {
        /** Whether levels of loggers are changed, too. */
        boolean loggersToo();

        List<ConfigChange.Change> changes(Q request);

        /** Takes resources out of the request; says whether any are left. */
        boolean retain(Q request, Predicate<Resource> kept);

        S response(List<R> results);

        List<R> results(S response);

        Resource resource(R result);

        R result(Resource resource, ApiError error);
    }

    private final Messages<Q, R, S> messages;

    ConfigChangeAuthorizer(Messages<Q, R, S> messages) {
        this.messages = messages;
    }

    @Override
    public Outcome decide(Q request, RequestContext context) {
        ConfigChange change = new ConfigChange(messages.changes(request), messages.loggersToo(), context);
        if (change.refusesNothing()) {
            return Outcome.FORWARD;
        }
        if (!messages.retain(request, change::passes)) {
            return new Outcome.Answer(messages.response(merged(change, List.of())));
        }
        ResponseEdit<S> edit = (response, later) -> messages.response(merged(change, messages.results(response)));
        return new Outcome.Rewrite(request, edit);
    }

    private List<R> merged(ConfigChange change, List<R> answered) {
        return change.merged(answered, messages::resource, messages::result);
    }
}
