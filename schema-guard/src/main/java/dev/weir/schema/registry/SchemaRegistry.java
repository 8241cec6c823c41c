package dev.weir.schema.registry;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.AnswerCache.Answer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registry, and what is kept of it. Each schema is asked for once, however many wait for it; what was found stays, also
 * while the registry is down. Any thread; nothing waits inside, and what is found out is told on a thread of the HTTP client.
 */
public final class SchemaRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);

    private final RegistrySettings settings;
    private final RegistryApi confluent;
    private final RegistryApi apicurio;
    private final CallGate gate;
    private final AnswerCache<Schema, RegisteredSchema> schemas;
    private final AnswerCache<Member, String> members;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final Map<RegistryFailure, LongAdder> failures = new EnumMap<>(RegistryFailure.class);
    private volatile @Nullable String lastError;

    /** A schema, whichever of its messages a record says, and how payloads are read by it. */
    private record Schema(SchemaRef ref, Reading reading) {}

    /** A schema, and a subject that it may be registered for. */
    private record Member(SchemaRef ref, String subject) {}

    public SchemaRegistry(RegistrySettings settings, RegistryAccess access) {
        this(settings, access, System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    SchemaRegistry(RegistrySettings settings, RegistryAccess access, LongSupplier nanoTime) {
        this.settings = settings;
        for (RegistryFailure failure : RegistryFailure.values()) {
            failures.put(failure, new LongAdder());
        }
        RegistryClient client = new RegistryClient(settings, access);
        gate = new CallGate(
                settings.callsMax(),
                settings.waitingMax(),
                nanoTime,
                () -> ThreadLocalRandom.current().nextDouble());
        confluent = new ConfluentApi(path -> ask(() -> client.json(path)));
        apicurio = new ApicurioApi(settings.url(), uri -> ask(() -> client.get(uri)));
        long bytesMax = settings.schemaBytesMax();
        int negativeMillis = settings.negativeMillis();
        schemas = new AnswerCache<>(bytesMax, RegisteredSchema::bytes, negativeMillis, nanoTime, this::loadSchema);
        members = new AnswerCache<>(bytesMax / 8, String::length, negativeMillis, nanoTime, this::loadMember);
    }

    public String name() {
        return settings.name();
    }

    /** How long somebody should wait for an answer. */
    public int timeoutMillis() {
        return settings.timeoutMillis();
    }

    /**
     * Finds out about the schema that a record says. Complete at once when that is known; it does not fail.
     *
     * @param key whether it is of the record's key
     */
    public CompletableFuture<Lookup> find(SchemaRef ref, SchemaDemand demand, String topic, boolean key) {
        if (!isGivenOut(ref)) {
            return CompletableFuture.completedFuture(unknown(ref));
        }
        CompletableFuture<Lookup> found = lookUp(ref, demand, topic, key);
        (found.isDone() ? hits : misses).increment();
        return found;
    }

    private CompletableFuture<Lookup> lookUp(SchemaRef ref, SchemaDemand demand, String topic, boolean key) {
        if (!demand.needsSchema()) {
            return member(ref, demand.naming().subject(topic, key, ""), null);
        }
        return schemas.get(new Schema(ref.schemaAlone(), demand.reading())).thenCompose(answer -> {
            RegisteredSchema schema = answer.good();
            if (schema == null) {
                return CompletableFuture.completedFuture(answer.otherwise());
            }
            if (demand.naming().needsRecordName() && schema.recordName().isEmpty()) {
                return CompletableFuture.completedFuture(new Lookup.Refused(
                        Reason.UNUSABLE_SCHEMA,
                        ref.text() + ", which defines no record",
                        "one that does, for its subject"));
            }
            String subject = demand.naming().subject(topic, key, schema.recordName());
            if (demand.isById()) {
                return member(ref, subject, null);
            }
            PayloadValidator validator;
            try {
                validator = schema.validators().apply(ref.messageIndexes());
            } catch (UnusableSchemaException e) {
                return CompletableFuture.completedFuture(otherwise(ref, e));
            }
            return member(ref, subject, validator);
        });
    }

    private CompletableFuture<Lookup> member(SchemaRef ref, String subject, @Nullable PayloadValidator validator) {
        return members.get(new Member(ref.schemaAlone(), subject)).thenApply(answer -> {
            Lookup otherwise = answer.otherwise();
            return otherwise != null ? otherwise : new Lookup.Found(subject, validator);
        });
    }

    /** No registry gives out others, and some fail when they are asked for one. */
    static boolean isGivenOut(SchemaRef ref) {
        return !(ref instanceof SchemaRef.Id id && id.id() <= 0)
                && !(ref instanceof SchemaRef.GlobalId global && global.id() <= 0);
    }

    private static Lookup unknown(SchemaRef ref) {
        return new Lookup.Refused(
                Reason.UNKNOWN_SCHEMA, ref.text() + ", which the registry does not have", "a registered schema");
    }

    private RegistryApi api(SchemaRef ref) {
        return ref instanceof SchemaRef.GlobalId ? apicurio : confluent;
    }

    private CompletableFuture<Answer<RegisteredSchema>> loadSchema(Schema schema) {
        SchemaRef ref = schema.ref();
        return answered(ref, api(ref).schema(ref), found -> {
            long room = RegisteredSchema.charactersIn(settings.schemaBytesMax() - AnswerCache.ENTRY_BYTES);
            if (found.characters() > room) { // it would be dropped at once, and asked for with each batch
                throw new UnusableSchemaException("it has " + found.characters()
                        + " characters with all that it refers to, and there is room for " + room);
            }
            return Answer.good(RegisteredSchemas.compile(found, schema.reading()));
        });
    }

    private CompletableFuture<Answer<String>> loadMember(Member member) {
        SchemaRef ref = member.ref();
        return answered(ref, api(ref).subjects(ref, member.subject()), subjects -> {
            if (subjects.contains(member.subject())) {
                return Answer.good(member.subject());
            }
            String others = subjects.isEmpty() ? "another subject" : String.join(", ", first(subjects));
            return Answer.other(new Lookup.Refused(
                    Reason.OTHER_SUBJECT,
                    ref.text() + ", which is registered for " + others,
                    "a schema of subject " + member.subject()));
        });
    }

    private static Iterable<String> first(Set<String> subjects) {
        return subjects.stream().limit(3).toList();
    }

    private <T, V> CompletableFuture<Answer<V>> answered(
            SchemaRef ref, CompletableFuture<Optional<T>> asked, Function<T, Answer<V>> read) {
        return asked.thenApply(found -> found.map(it -> read.apply(it)).orElseGet(() -> Answer.other(unknown(ref))))
                .exceptionally(failure -> Answer.other(otherwise(ref, RegistryException.causeOf(failure))));
    }

    private Lookup otherwise(SchemaRef ref, Throwable cause) {
        if (cause instanceof RegistryException told) {
            return new Lookup.Down("registry " + settings.name() + ": " + told.getMessage());
        } else if (cause instanceof UnusableSchemaException unusable) {
            return new Lookup.Refused(
                    Reason.UNUSABLE_SCHEMA,
                    ref.text() + ", whose schema cannot be used: " + unusable.getMessage(),
                    "a schema that can be read");
        }
        LOG.atError().addKeyValue("registry", settings.name()).setCause(cause).log("a schema could not be looked up");
        return new Lookup.Down("registry " + settings.name() + ": a fault of Weir's, of which its log says more");
    }

    private <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> question) {
        return gate.call(() -> question.get().whenComplete((answer, failure) -> {
            Throwable cause = failure == null ? null : RegistryException.causeOf(failure);
            note(cause instanceof RegistryException told ? told : null);
        }));
    }

    /** The turns are logged: no more often than the gate lets questions through. */
    private void note(@Nullable RegistryException failure) {
        boolean failedBefore = lastError != null;
        lastError = failure == null ? null : failure.getMessage();
        if (failure != null) {
            LongAdder count = failures.get(failure.failure());
            if (count != null) {
                count.increment();
            }
            if (!failedBefore) {
                LOG.atWarn()
                        .addKeyValue("registry", settings.name())
                        .addKeyValue("url", settings.url())
                        .addKeyValue("reason", failure.getMessage())
                        .log("schema registry does not answer");
            }
        } else if (failedBefore) {
            LOG.atInfo().addKeyValue("registry", settings.name()).log("schema registry answers again");
        }
    }

    /** How it is doing. */
    public RegistryStats stats() {
        Map<RegistryFailure, Long> counts = new EnumMap<>(RegistryFailure.class);
        failures.forEach((failure, count) -> counts.put(failure, count.sum()));
        return new RegistryStats(
                settings.name(),
                hits.sum(),
                misses.sum(),
                schemas.loading() + members.loading(),
                schemas.size() + members.size(),
                schemas.bytes() + members.bytes(),
                counts,
                lastError);
    }
}
