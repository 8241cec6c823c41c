package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.proxy.registry.SchemaRegistries;
import dev.weir.schema.Reason;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.Lookup;
import dev.weir.schema.registry.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the schemas that the records of one batch say, and remembers what it still has to wait for. Nothing waits in here. One
 * thread.
 */
final class SchemaLookups {
    /** Nobody writes with more in one batch, unless to keep others busy. */
    private static final int ASKED_MAX = 64;

    private static final Lookup TOO_MANY =
            new Lookup.Refused(Reason.LIMIT, "one of more than " + ASKED_MAX + " schemas", "no more in one batch");

    private final SchemaRegistries registries;
    private final String topic;
    private final boolean inTime;
    private final Side key = new Side();
    private final Side value = new Side();
    private final Map<Asked, CompletableFuture<Lookup>> asked = new HashMap<>(4);
    private boolean waits;
    private int timeoutMillis;

    private record Asked(boolean ofKey, SchemaRef ref) {}

    /** What was said last: most batches say one schema. */
    private static final class Side {
        private @Nullable SchemaRef ref;
        private @Nullable Lookup lookup;
    }

    /** @param inTime whether there is time to wait for what is not known */
    SchemaLookups(SchemaRegistries registries, String topic, boolean inTime) {
        this.registries = registries;
        this.topic = topic;
        this.inTime = inTime;
    }

    /** What there is to say about a schema; {@code null} when it has to be waited for. */
    @Nullable
    Lookup find(boolean ofKey, Source.Registered source, SchemaRef ref) {
        Side side = ofKey ? key : value;
        if (!ref.equals(side.ref)) {
            side.lookup = find(ref, ofKey, source);
            side.ref = ref;
        }
        return side.lookup;
    }

    private @Nullable Lookup find(SchemaRef ref, boolean ofKey, Source.Registered source) {
        SchemaRegistry registry = registries.find(source.registry());
        if (registry == null) {
            return new Lookup.Down(SchemaRegistries.missing(source.registry()));
        }
        Asked question = new Asked(ofKey, ref);
        CompletableFuture<Lookup> answer = asked.get(question);
        if (answer == null) {
            if (asked.size() >= ASKED_MAX) {
                return TOO_MANY;
            }
            answer = registry.find(ref, source.demand(), topic, ofKey);
            asked.put(question, answer);
        }
        Lookup known = answer.getNow(null);
        if (known == null && !inTime) {
            return new Lookup.Down("registry " + registry.name() + ": it did not answer in time");
        }
        if (known == null) {
            waits = true;
            timeoutMillis = Math.max(timeoutMillis, registry.timeoutMillis());
        }
        return known;
    }

    /** Complete when all that is waited for is known; {@code null} when nothing is. */
    @Nullable
    CompletableFuture<Void> awaited() {
        return waits ? CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0])) : null;
    }

    /** How long it is to be waited for. */
    int timeoutMillis() {
        return timeoutMillis;
    }
}
