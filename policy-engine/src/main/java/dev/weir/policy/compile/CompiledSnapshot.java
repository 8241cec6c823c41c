package dev.weir.policy.compile;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.BuiltInRules;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.ClientFaults;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Identity;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.Service;
import dev.weir.policy.yaml.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A compiled policy. Immutable once made; any thread. */
public final class CompiledSnapshot implements PolicySnapshot {
    /** The revision of the policy that is in force before there is any. */
    public static final String NO_REVISION = "none";

    private final String revision;
    private final Policy policy;
    private final List<CompiledRule> rules = new ArrayList<>();
    private final IdentityIndex identities;
    private final Map<String, Rules> rulesByService = new HashMap<>();
    private final Rules rulesForEveryone = new Rules(new RuleIndex(), new RuleIndex());
    private final Optional<Instant> nextExpiry;
    private final Decision defaultDeny;
    private final Decision ambiguousIdentity;
    private final Decision reservedName;
    private final TopicTable<Propagation> propagation;
    private final TopicTable<SchemaGuard> schemas;
    private final Set<String> schemaRegistries;
    private final Canaries canaries;
    private final TopicTable<Mirroring> mirrors;
    private final CompiledFaults faults;
    private final CompiledQuotas quotas;

    /** The rules of one Service, or of everyone, apart by mode. */
    record Rules(RuleIndex enforced, RuleIndex dryRun) {
        static final Rules NONE = new Rules(RuleIndex.EMPTY, RuleIndex.EMPTY);

        void finish() {
            enforced.finish();
            dryRun.finish();
        }
    }

    private CompiledSnapshot(Policy policy, String revision, Optional<Instant> now) {
        this.policy = policy;
        this.revision = revision;
        this.identities = new IdentityIndex(policy.services().values());
        this.defaultDeny = builtIn(BuiltInRules.DEFAULT_DENY, policy.mode());
        this.ambiguousIdentity = builtIn(BuiltInRules.AMBIGUOUS_IDENTITY, policy.mode());
        this.reservedName = builtIn(BuiltInRules.RESERVED_NAME, Mode.ENFORCE);
        this.propagation = Propagations.compile(policy, revision);
        this.schemas = SchemaGuards.compile(policy, revision);
        this.schemaRegistries = Set.copyOf(SchemaGuards.registries(policy));
        this.canaries = CompiledCanaries.compile(policy, revision);
        this.mirrors = Mirrorings.compile(policy, revision);
        this.faults = CompiledFaults.compile(policy, revision, now);
        this.quotas = CompiledQuotas.compile(policy, revision);
        policy.documents()
                .forEach(document -> document.rules()
                        .forEach(rule -> rules.add(CompiledRule.of(rule, policy.mode(document, rule), revision))));
        rules.stream()
                .filter(rule -> now.isEmpty() || !rule.rule().isExpired(now.get()))
                .forEach(this::index);
        rulesForEveryone.finish();
        rulesByService.values().forEach(Rules::finish);
        this.nextExpiry = now.flatMap(instant -> Stream.concat(
                        rules.stream().flatMap(rule -> rule.rule().expires().stream()),
                        policy.faults().stream().flatMap(fault -> fault.expires().stream()))
                .filter(expires -> expires.isAfter(instant))
                .min(Instant::compareTo));
    }

    /** Compiles a policy as it stands at an instant: rules that have expired by then are not in it. */
    public static CompiledSnapshot compile(Policy policy, String revision, Instant now) {
        return new CompiledSnapshot(policy, revision, Optional.of(now));
    }

    /** Compiles a policy with all its rules, also those that have expired: what policy's own tests are run on. */
    public static CompiledSnapshot compileForever(Policy policy, String revision) {
        return new CompiledSnapshot(policy, revision, Optional.empty());
    }

    /** Denies everything to everyone: in force until there is a first good policy. */
    public static CompiledSnapshot denyAll() {
        return compileForever(Policy.EMPTY, NO_REVISION);
    }

    private void index(CompiledRule compiled) {
        if (compiled.rule().callers().everyone()) {
            add(rulesForEveryone, compiled);
            return;
        }
        for (String service : compiled.rule().callers().services()) {
            Rules own = rulesByService.computeIfAbsent(service, s -> new Rules(new RuleIndex(), new RuleIndex()));
            add(own, compiled);
        }
    }

    private static void add(Rules rules, CompiledRule compiled) {
        (compiled.mode() == Mode.ENFORCE ? rules.enforced() : rules.dryRun()).add(compiled);
    }

    private Decision builtIn(String id, Mode mode) {
        return new Decision(false, mode == Mode.ENFORCE, new RuleRef(id, "", 0, revision));
    }

    @Override
    public String revision() {
        return revision;
    }

    public Policy policy() {
        return policy;
    }

    /** All rules in the order of the files, expired ones included. */
    public List<CompiledRule> rules() {
        return List.copyOf(rules);
    }

    /** The next instant at which this snapshot stops being what the policy says. */
    public Optional<Instant> nextExpiry() {
        return nextExpiry;
    }

    @Override
    public TopicTable<Propagation> propagation() {
        return propagation;
    }

    @Override
    public TopicTable<SchemaGuard> schemas() {
        return schemas;
    }

    @Override
    public Set<String> schemaRegistries() {
        return schemaRegistries;
    }

    @Override
    public Canaries canaries() {
        return canaries;
    }

    @Override
    public TopicTable<Mirroring> mirrors() {
        return mirrors;
    }

    @Override
    public List<FaultPolicy> faults() {
        return faults.all();
    }

    @Override
    public List<QuotaPolicy> quotas() {
        return quotas.all();
    }

    /** All Services that a subject's identities belong to: none, one, or - which is refused - more. */
    public Set<String> services(Subject subject) {
        return identities.services(subject);
    }

    /** Whether a subject has an identity, by the same index that finds Services. For explanations: it is not fast. */
    public static boolean has(Subject subject, Identity identity) {
        Position nowhere = Position.of("");
        Service one = new Service("one", "", List.of(new Service.Declared(identity, nowhere)), List.of(), nowhere);
        return !new IdentityIndex(List.of(one)).services(subject).isEmpty();
    }

    @Override
    public Authorizer authorizer(Subject subject, String clientId) {
        Set<String> services = identities.services(subject);
        Circumstances circumstances = Circumstances.of(subject, clientId);
        return services.size() == 1
                ? authorizer(services.iterator().next(), circumstances)
                : unknown(circumstances, services.isEmpty() ? defaultDeny : ambiguousIdentity);
    }

    /**
     * What a Service may do, however it proves who it is.
     *
     * @param service its name; one that is not declared is nobody, and so is the empty one
     */
    public Authorizer authorizer(String service, Circumstances circumstances) {
        Service declared = policy.services().get(service);
        if (declared == null) {
            return unknown(circumstances, defaultDeny);
        }
        Optional<String> version = declared.version(circumstances.clientId());
        Rules own = rulesByService.getOrDefault(service, Rules.NONE);
        return new CompiledAuthorizer(
                this,
                new Caller(service, circumstances),
                version,
                own,
                defaultDeny,
                faults.of(service, circumstances.clientId()),
                quotas.of(service));
    }

    /** What a caller without credentials may do: what its Service may, where exactly one declares it. */
    public Authorizer anonymous(Circumstances circumstances) {
        Set<String> services = identities.anonymous();
        return services.size() == 1
                ? authorizer(services.iterator().next(), circumstances)
                : unknown(circumstances, services.isEmpty() ? defaultDeny : ambiguousIdentity);
    }

    private Authorizer unknown(Circumstances circumstances, Decision deny) {
        return new CompiledAuthorizer(
                this, new Caller("", circumstances), Optional.empty(), Rules.NONE, deny, ClientFaults.NONE, List.of());
    }

    Rules rulesForEveryone() {
        return rulesForEveryone;
    }

    Decision reservedName() {
        return reservedName;
    }
}
