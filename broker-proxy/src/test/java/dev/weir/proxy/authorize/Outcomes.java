package dev.weir.proxy.authorize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;

/** Takes outcomes apart in tests, and sees to it that whatever goes on a wire can be encoded in the request's version. */
final class Outcomes {
    private Outcomes() {}

    static <S extends ApiMessage> S answer(Class<S> type, Outcome outcome, FakeContext context) {
        Outcome.Answer answer = assertInstanceOf(Outcome.Answer.class, outcome);
        return encodable(type.cast(answer.response()), context);
    }

    static <Q extends ApiMessage> Q rewritten(Class<Q> type, Outcome outcome, FakeContext context) {
        Outcome.Rewrite rewrite = assertInstanceOf(Outcome.Rewrite.class, outcome);
        return encodable(type.cast(rewrite.request()), context);
    }

    /** Runs the outcome's edit on what the broker answered. */
    @SuppressWarnings("unchecked")
    static <S extends ApiMessage> S edited(Outcome outcome, S response, FakeContext context) {
        ResponseEdit<?> edit = outcome instanceof Outcome.Rewrite rewrite
                ? rewrite.edit()
                : assertInstanceOf(Outcome.Forward.class, outcome).edit();
        assertNotNull(edit, "no edit");
        return encodable(((ResponseEdit<S>) edit).edit(response, context), context);
    }

    static void assertForwarded(Outcome outcome) {
        assertEquals(Outcome.FORWARD, outcome);
    }

    private static <M extends ApiMessage> M encodable(M message, FakeContext context) {
        MessageUtil.toByteBufferAccessor(message, context.apiVersion());
        return message;
    }
}
