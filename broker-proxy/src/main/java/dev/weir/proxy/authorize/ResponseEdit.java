package dev.weir.proxy.authorize;

import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Changes a response on its way down. It runs when the whole response is there, under the policy then in force; broker
 * addresses have already been replaced.
 *
 * @param <S> the generated class of the response's body
 */
@FunctionalInterface
public interface ResponseEdit<S extends ApiMessage> {

    /**
     * Gives the body to send; it may be the one given, changed.
     *
     * @param context decides under the snapshot in force now, which may be newer than the request's
     */
    S edit(S response, RequestContext context);

    /** What an edit of the same API makes of a response; {@code null} changes nothing. */
    @SuppressWarnings("unchecked") // an edit comes from the authorizer of the same API
    static <S extends ApiMessage> ApiMessage applied(
            @Nullable ResponseEdit<S> edit, ApiMessage response, RequestContext context) {
        return edit == null ? response : edit.edit((S) response, context);
    }

    /**
     * For an edit that does nothing but take out topics: which ones stay, by name; those without a name do. Such an edit
     * is made in the bytes, in place of {@link #edit}. {@code null}: it does more, and the response has to be decoded.
     */
    default @Nullable Predicate<String> topicsShown(RequestContext context) {
        return null;
    }
}
