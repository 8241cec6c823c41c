package dev.weir.policy.compile;

import dev.weir.policy.compile.NameIndex.Allows;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.ClientFaults;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.ResourceType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one caller.
 *
 * <p>Two questions make a decision. <em>What is in force:</em> the enforced rules, deny before allow, and where none
 * matches, default deny in the mesh's mode. <em>What would be:</em> the same with the dry-run rules counted as if they
 * were enforced. What is in force settles whether the traffic passes; if it passes although it would not, the decision
 * is a denial that is not enforced.
 */
final class CompiledAuthorizer implements Authorizer {
    /** Kafka asks for this name first: that lets super users through, and whoever may do it on a topic of this name. */
    private static final String ANY_NAME = "hardcode";

    private final CompiledSnapshot snapshot;
    private final Caller caller;
    private final Optional<String> version;
    private final CompiledSnapshot.Rules own;
    private final CompiledSnapshot.Rules everyone;
    private final Decision defaultDeny;
    private final ClientFaults faults;
    private final List<QuotaPolicy> quotas;
    private final boolean hasDryRun;
    // made when first asked; a race costs a second reckoning with the same outcome
    private @Nullable Decision @Nullable [] any;

    CompiledAuthorizer(
            CompiledSnapshot snapshot,
            Caller caller,
            Optional<String> version,
            CompiledSnapshot.Rules own,
            Decision defaultDeny,
            ClientFaults faults,
            List<QuotaPolicy> quotas) {
        this.snapshot = snapshot;
        this.caller = caller;
        this.version = version;
        this.own = own;
        this.everyone = snapshot.rulesForEveryone();
        this.defaultDeny = defaultDeny;
        this.faults = faults;
        this.quotas = quotas;
        this.hasDryRun = !own.dryRun().isEmpty() || !everyone.dryRun().isEmpty();
    }

    @Override
    public PolicySnapshot snapshot() {
        return snapshot;
    }

    @Override
    public Optional<String> service() {
        return caller.isService() ? Optional.of(caller.service()) : Optional.empty();
    }

    @Override
    public Optional<String> version() {
        return version;
    }

    @Override
    public ClientFaults faults() {
        return faults;
    }

    @Override
    public List<QuotaPolicy> quotas() {
        return quotas;
    }

    @Override
    public Decision decide(ResourceType type, String name, Operation operation) {
        if (Names.isReserved(type, name)) {
            return snapshot.reservedName();
        }
        Allows allows = allows(type, name);
        CompiledRule inForce = find(own.enforced(), everyone.enforced(), type, name, operation, allows);
        if (!hasDryRun) {
            return inForce == null ? defaultDeny : inForce.decision();
        }
        if (inForce != null && inForce.isDeny()) {
            return inForce.decision();
        }
        CompiledRule dryRun = find(own.dryRun(), everyone.dryRun(), type, name, operation, allows);
        return combine(inForce == null ? null : inForce.decision(), dryRun == null ? null : dryRun.decision());
    }

    @Override
    public Decision decideAny(ResourceType type, Operation operation) {
        @Nullable Decision @Nullable [] known = any;
        if (known == null) {
            known = new Decision[Slot.COUNT];
            any = known;
        }
        int at = Slot.of(type, operation);
        Decision decision = known[at];
        if (decision == null) {
            decision = reckonAny(type, operation);
            known[at] = decision;
        }
        return decision;
    }

    private Decision reckonAny(ResourceType type, Operation operation) {
        Decision byName = decide(type, ANY_NAME, operation);
        if (byName.allowed()) {
            return byName;
        }
        AnyName enforced =
                new AnyName(caller, type, operation).add(own.enforced()).add(everyone.enforced());
        Decision inForce = enforced.decision();
        if (!hasDryRun || (inForce != null && !inForce.allowed())) {
            return inForce == null ? defaultDeny : inForce;
        }
        AnyName all = enforced.add(own.dryRun()).add(everyone.dryRun());
        Decision wouldBe = all.decision();
        // an enforced allow that no longer counts is dominated by a dry-run deny
        return combine(inForce, wouldBe == null && inForce != null ? all.lastDeny() : wouldBe);
    }

    /**
     * @param inForce what an enforced allow says, or null where no enforced rule matches
     * @param dryRun what the dry-run rules say, or null where none matches
     */
    private Decision combine(@Nullable Decision inForce, @Nullable Decision dryRun) {
        boolean passes = inForce != null || !defaultDeny.enforced();
        if (!passes) {
            return defaultDeny;
        }
        if (dryRun != null && !dryRun.allowed()) {
            return dryRun;
        }
        if (inForce != null) {
            return inForce;
        }
        return dryRun != null ? dryRun : defaultDeny;
    }

    private Allows allows(ResourceType type, String name) {
        if (!caller.isService()) {
            return Allows.NONE;
        }
        return Names.isInternal(type, name) ? Allows.LITERALS : Allows.ALL;
    }

    private @Nullable CompiledRule find(
            RuleIndex own, RuleIndex everyone, ResourceType type, String name, Operation operation, Allows allows) {
        CompiledRule mine = own.names(type, operation).find(name, caller, allows);
        if (mine != null && mine.isDeny()) {
            return mine;
        }
        CompiledRule shared = everyone.names(type, operation).find(name, caller, allows);
        return shared != null && (mine == null || shared.isDeny()) ? shared : mine;
    }
}
