package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.SchemaGuard.Check;
import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.proxy.batch.PrefixReader;
import dev.weir.proxy.registry.SchemaRegistries;
import dev.weir.proxy.report.CheckedRecords;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.Lookup;
import dev.weir.schema.registry.SchemaRegistry;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the records of one client's produce requests while they come by. Where rules only ask which schemas records say, and
 * all that these say is known to be good, the request need not be decoded, and goes on as it came. Whatever is not plain to see in
 * passing is left to the rules: a bad record, a schema that nobody has asked for, a compressed batch. One per connection; event loop.
 */
public final class PassingRecords implements PrefixReader.Visitor {
    private final RequestRules rules;
    private final SchemaRegistries registries;
    private final PrefixReader reader = new PrefixReader();
    private final KnownIds keys = new KnownIds();
    private final KnownIds values = new KnownIds();
    private final List<CheckedRecords> checked = new ArrayList<>(1);
    private @Nullable PolicySnapshot policy;
    private boolean ruled;

    // of the topic whose records come by
    private String topic = "";
    private @Nullable SchemaGuard guard;

    PassingRecords(RequestRules rules, SchemaRegistries registries) {
        this.rules = rules;
        this.registries = registries;
    }

    /** A request begins. */
    public PassingRecords begin(PolicySnapshot now) {
        policy = now;
        ruled = false;
        guard = null;
        checked.clear();
        return this;
    }

    /** Its records for a topic follow. */
    public void topic(String name) {
        guard = null;
        if (ruled || policy == null || !rules.concern(policy, name)) {
            return;
        }
        if (!rules.lookInPassing(policy, name)) {
            ruled = true;
            return;
        }
        SchemaGuard found = policy.schemas().find(name);
        if (found != null) {
            topic = name;
            guard = found;
            keys.of(found, name);
            values.of(found, name);
        }
    }

    public void recordsBegin(int lengthBytes) {
        if (guard != null) {
            reader.begin(lengthBytes, idBytes(guard.key()), idBytes(guard.value()));
        }
    }

    public void recordsChunk(ByteBuf chunk, int index, int lengthBytes) {
        if (guard != null && !ruled) {
            reader.read(chunk, index, lengthBytes, this);
        }
    }

    public void recordsEnd() {
        if (guard != null && !ruled) {
            ruled = !reader.followed();
            if (reader.count() > 0) {
                checked.add(CheckedRecords.good(topic, guard.rule(), guard.onViolation(), reader.count()));
            }
        }
    }

    /** Whether the rules have to see the request. To be asked when all of it has come by. */
    public boolean isRuled() {
        return ruled;
    }

    /** What was held against schemas, and is good; to be counted when the request goes on. */
    public List<CheckedRecords> checked() {
        return checked;
    }

    /** Whether all that a guard asks for can be seen in passing. To tag is to look at headers. */
    static boolean canFollow(SchemaGuard guard) {
        return switch (guard.onViolation()) {
            case TAG -> false;
            case REJECT, QUARANTINE, OBSERVE -> isById(guard.key()) && isById(guard.value());
        };
    }

    private static boolean isById(@Nullable Check check) {
        return check == null
                || (idBytes(check) > 0
                        && check.source() instanceof Source.Registered from
                        && from.demand().isById());
    }

    private static int idBytes(@Nullable Check check) {
        return check == null
                ? 0
                : switch (check.framing()) {
                    case CONFLUENT_PREFIX -> Integer.BYTES;
                    case APICURIO -> Long.BYTES;
                    case CONFLUENT_HEADERS, APICURIO_HEADERS, NONE -> 0;
                };
    }

    @Override
    public boolean id(boolean key, long id) {
        KnownIds known = key ? keys : values;
        return known.has(id) || (isGood(key, id) && known.add(id));
    }

    private boolean isGood(boolean key, long id) {
        Check check = guard == null ? null : key ? guard.key() : guard.value();
        if (check == null || !(check.source() instanceof Source.Registered from)) {
            return false;
        }
        SchemaRegistry registry = registries.find(from.registry());
        SchemaRef ref = idBytes(check) == Integer.BYTES ? new SchemaRef.Id((int) id) : new SchemaRef.GlobalId(id);
        return registry != null && registry.find(ref, from.demand(), topic, key).getNow(null) instanceof Lookup.Found;
    }

    @Override
    public boolean noId(boolean key) {
        return guard != null && guard.schemaless();
    }

    @Override
    public boolean tombstone() {
        return guard != null && (guard.tombstones() || guard.value() == null);
    }

    /** Schemas that are good for a topic, the last few of them. What an id stands for does not change. */
    private static final class KnownIds {
        private static final int IDS_MAX = 8;

        private final long[] ids = new long[IDS_MAX];
        private int size;
        private int next;
        private @Nullable SchemaGuard guard;
        private String topic = "";

        /** Under another policy, and of another topic, all are to be found out again. */
        @SuppressWarnings("ReferenceEquality") // each policy makes its guards anew
        void of(SchemaGuard now, String name) {
            if (guard != now || !topic.equals(name)) {
                guard = now;
                topic = name;
                size = 0;
                next = 0;
            }
        }

        boolean has(long id) {
            for (int i = 0; i < size; i++) {
                if (ids[i] == id) {
                    return true;
                }
            }
            return false;
        }

        boolean add(long id) {
            ids[next] = id;
            next = (next + 1) % IDS_MAX;
            size = Math.min(size + 1, IDS_MAX);
            return true;
        }
    }
}
