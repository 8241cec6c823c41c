package dev.weir.proxy.authorize;

import org.apache.kafka.common.protocol.ApiMessage;

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
}
