package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Requests and responses as the wire would carry them: written and read again in one version, so that what a version
 * cannot say, or must not be told, shows.
 */
public final class OnTheWire {
    private OnTheWire() {}

    /** The versions of an API that this Kafka knows. */
    public static List<Short> versions(ApiKeys api) {
        return IntStream.rangeClosed(
                        api.messageType.lowestSupportedVersion(), api.messageType.highestSupportedVersion(true))
                .mapToObj(version -> (short) version)
                .toList();
    }

    @SuppressWarnings("unchecked")
    public static <Q extends ApiMessage> Q request(Q request, int version) {
        return (Q) again(request, ApiMessageType.fromApiKey(request.apiKey()).newRequest(), version);
    }

    @SuppressWarnings("unchecked")
    public static <S extends ApiMessage> S response(S response, int version) {
        return (S) again(response, ApiMessageType.fromApiKey(response.apiKey()).newResponse(), version);
    }

    private static ApiMessage again(ApiMessage message, ApiMessage empty, int version) {
        empty.read(
                new ByteBufferAccessor(MessageUtil.toByteBufferAccessor(message, (short) version)
                        .buffer()),
                (short) version);
        return empty;
    }

    /** Decides a request as it would come in. */
    static <Q extends ApiMessage> Outcome decide(ApiAuthorizer<Q> authorizer, Q request, RequestContext context) {
        return authorizer.decide(request(request, context.apiVersion()), context);
    }

    /** The body of an {@link Outcome.Answer}, as it would go out. */
    public static <S extends ApiMessage> S answer(Outcome outcome, Class<S> type, RequestContext context) {
        assertThat(outcome).isInstanceOf(Outcome.Answer.class);
        return type.cast(response(((Outcome.Answer) outcome).response(), context.apiVersion()));
    }

    /** The body of an {@link Outcome.Rewrite}, as it would go upstream. */
    public static <Q extends ApiMessage> Q upstream(Outcome outcome, Class<Q> type, RequestContext context) {
        assertThat(outcome).isInstanceOf(Outcome.Rewrite.class);
        return type.cast(request(((Outcome.Rewrite) outcome).request(), context.apiVersion()));
    }

    /** What becomes of the broker's answer on its way down. */
    @SuppressWarnings("unchecked")
    public static <S extends ApiMessage> S downstream(Outcome outcome, S answered, RequestContext context) {
        ResponseEdit<?> edit =
                outcome instanceof Outcome.Rewrite rewrite ? rewrite.edit() : ((Outcome.Forward) outcome).edit();
        if (edit == null) {
            return answered;
        }
        S edited = ((ResponseEdit<S>) edit).edit(response(answered, context.apiVersion()), context);
        return response(edited, context.apiVersion());
    }
}
