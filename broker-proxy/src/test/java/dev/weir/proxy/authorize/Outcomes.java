package dev.weir.proxy.authorize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.common.protocol.ApiMessage;

/** {@link OnTheWire} with the arguments in the order that reads best inside of an assertion. */
final class Outcomes {
    private Outcomes() {}

    static <S extends ApiMessage> S answer(Class<S> type, Outcome outcome, FakeContext context) {
        return OnTheWire.answer(outcome, type, context);
    }

    static <Q extends ApiMessage> Q rewritten(Class<Q> type, Outcome outcome, FakeContext context) {
        return OnTheWire.upstream(outcome, type, context);
    }

    /** Runs the outcome's edit on what the broker answered. */
    static <S extends ApiMessage> S edited(Outcome outcome, S response, FakeContext context) {
        return OnTheWire.downstream(outcome, response, context);
    }

    static void assertForwarded(Outcome outcome) {
        assertEquals(Outcome.FORWARD, outcome);
    }
}
