package dev.weir.proxy.equivalence;

import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request, or a few, that an API is tried with in all its versions, by every {@link User}.
 *
 * @param needs what has to be there before
 * @param masked fields of responses that differ from one request to the next
 * @param since the first version that can say it
 */
record Case(ApiKeys api, String name, Kind kind, Set<Need> needs, Set<String> masked, int since, Exchange exchange) {
    /** What a case does to the cluster. */
    enum Kind {
        /** Nothing: both sides ask about the same resources. */
        READS,
        /** Something; each side has resources of its own, and what becomes of them is compared. */
        ACTS,
        /** As {@link #ACTS}, and what {@link User#ADMIN} brings about has to differ from what {@link User#BOB} does. */
        CHANGES,
        /** As {@link #CHANGES}, with the same resources for all versions: each adds to what was there. */
        ADDS
    }

    /** What a scene of its own starts with, in the roles {@code open} and {@code hidden}. */
    enum Need {
        TOPICS,
        RECORDS,
        GROUPS
    }

    /** What is said. A version in which the case does not exist says nothing. */
    @FunctionalInterface
    interface Exchange {
        void run(Conversation talk) throws Exception;
    }

    /** A request that changes nothing. {@code null} is for versions that cannot say it. */
    static Case reading(ApiKeys api, String name, BiFunction<Scene, Short, @Nullable ApiMessage> request) {
        return new Case(api, name, Kind.READS, Set.of(), Set.of(), 0, once(request));
    }

    /** A request that changes something. */
    static Case changing(
            ApiKeys api, String name, Set<Need> needs, BiFunction<Scene, Short, @Nullable ApiMessage> request) {
        return new Case(api, name, Kind.CHANGES, needs, Set.of(), 0, once(request));
    }

    static Case talking(ApiKeys api, String name, Kind kind, Exchange exchange) {
        return new Case(api, name, kind, Set.of(), Set.of(), 0, exchange);
    }

    Case masking(String... fields) {
        return new Case(api, name, kind, needs, Set.of(fields), since, exchange);
    }

    Case needing(Need... what) {
        return new Case(api, name, kind, Set.of(what), masked, since, exchange);
    }

    Case since(int version) {
        return new Case(api, name, kind, needs, masked, version, exchange);
    }

    Case as(Kind other) {
        return new Case(api, name, other, needs, masked, since, exchange);
    }

    private static Exchange once(BiFunction<Scene, Short, @Nullable ApiMessage> request) {
        return talk -> {
            ApiMessage body = request.apply(talk.scene(), talk.version());
            if (body != null) {
                talk.ask(body);
            }
        };
    }

    @Override
    public String toString() {
        return api + " " + name;
    }
}
