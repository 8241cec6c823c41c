package dev.weir.policy.decide;

import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The canaries of a policy, by who asks. Immutable; any thread; a question allocates nothing. */
public final class Canaries {
    public static final Canaries EMPTY = new Canaries(List.of());
    private static final CanaryMember[] NOBODY = {};
    /** In place of the file of a document that is no more, while its canary is not drained. */
    private static final String TAKEN_AWAY = "(no document)";

    private final List<CanaryPolicy> all;
    private final Map<String, ScopedCanary> byGroup = new LinkedHashMap<>();
    private final Map<String, CanaryMember[]> byService = new HashMap<>();
    /** Of the members that are shadows. */
    private final IdentityHashMap<CanaryMember, ShadowLimits> limits = new IdentityHashMap<>();

    /**
     * Makes the lookup.
     *
     * @param all with a group each, and no client on two sides of a topic
     */
    public Canaries(List<CanaryPolicy> all) {
        this(all, Map.of());
    }

    private Canaries(List<CanaryPolicy> all, Map<String, Scope> seeded) {
        this.all = List.copyOf(all);
        Map<String, RuleRef> rules = new HashMap<>();
        all.forEach(canary -> rules.put(canary.name(), canary.rule()));
        Set<ScopedCanary> shadows = new LinkedHashSet<>();
        new TreeMap<>(seeded).forEach((name, scope) -> { // every proxy in the same order
            RuleRef rule = rules.getOrDefault(name, new RuleRef(name, TAKEN_AWAY, 0, ""));
            put(new ScopedCanary(rule, name, scope), shadows);
        });
        for (CanaryPolicy canary : all) {
            ScopedCanary now = new ScopedCanary(canary.rule(), canary.name(), canary.scope());
            if (now.isShadow()) {
                shadows.add(now);
            }
            if (!seeded.containsKey(canary.name())) {
                byGroup.putIfAbsent(canary.group(), now);
            }
        }
        // whoever is a shadow by policy or by what has begun is limited, also where these are not of one mind
        Set<ScopedCanary> asked = new LinkedHashSet<>(byGroup.values());
        asked.addAll(shadows);
        Map<String, List<CanaryMember>> members = new HashMap<>();
        for (ScopedCanary canary : asked) {
            for (Side side : Side.values()) {
                members.computeIfAbsent(canary.scope().clients(side).service(), service -> new ArrayList<>())
                        .add(new CanaryMember(canary, side));
            }
        }
        members.values().forEach(list -> list.forEach(this::limit));
        members.forEach((service, list) -> byService.put(service, list.toArray(CanaryMember[]::new)));
    }

    /** One that has begun: of two in one group a shadow counts, else the first. */
    private void put(ScopedCanary canary, Set<ScopedCanary> shadows) {
        byGroup.merge(canary.group(), canary, (before, now) -> now.isShadow() && !before.isShadow() ? now : before);
        if (canary.isShadow()) {
            shadows.add(canary);
        }
    }

    private void limit(CanaryMember member) {
        Shadow shadow = member.canary().scope().shadow();
        if (shadow != null && member.side() == Side.CANARY) {
            limits.put(member, ShadowLimits.of(member.canary(), shadow));
        }
    }

    /**
     * The same, where canaries that have begun go on with what they began with, whatever policy says of them now, or does not
     * say any more.
     *
     * @param seeded what they share, by name
     */
    public Canaries begun(Map<String, Scope> seeded) {
        return seeded.isEmpty() ? this : new Canaries(all, seeded);
    }

    public boolean isEmpty() {
        return byGroup.isEmpty();
    }

    /** What policy says, in the order of the files. */
    public List<CanaryPolicy> all() {
        return all;
    }

    /** What is shared: by policy, and by what has begun. */
    public Collection<ScopedCanary> scoped() {
        return Collections.unmodifiableCollection(byGroup.values());
    }

    /** The canary about a consumer group, by the name that its members use; {@code null} for none. */
    public @Nullable ScopedCanary ofGroup(String group) {
        return byGroup.get(group);
    }

    /**
     * The side on which a client reads a topic; {@code null} for a client of no canary that shares that topic's records.
     *
     * @param service the client's Service; the empty string is nobody
     */
    public @Nullable CanaryMember reading(String service, String clientId, String topic) {
        for (CanaryMember member : byService.getOrDefault(service, NOBODY)) {
            if (!member.canary().isShadow()
                    && member.canary().scope().topics().contains(topic)
                    && fits(member, service, clientId)) {
                return member;
            }
        }
        return null;
    }

    /** Whether a canary that shares records names the client, on either side. */
    public boolean names(String service, String clientId) {
        for (CanaryMember member : byService.getOrDefault(service, NOBODY)) {
            if (!member.canary().isShadow() && fits(member, service, clientId)) {
                return true;
            }
        }
        return false;
    }

    /** What a client may do, if it is the shadow of another; {@code null} if it is none. */
    public @Nullable ShadowLimits shadowing(String service, String clientId) {
        ShadowLimits all = null;
        if (!limits.isEmpty()) {
            for (CanaryMember member : byService.getOrDefault(service, NOBODY)) {
                ShadowLimits one = limits.get(member);
                if (one != null && fits(member, service, clientId)) {
                    all = all == null ? one : all.with(one);
                }
            }
        }
        return all;
    }

    /** The side on which a client is in a group, by the name that members use; {@code null} for a client of no canary of it. */
    public @Nullable CanaryMember inGroup(String service, String clientId, String group) {
        for (CanaryMember member : byService.getOrDefault(service, NOBODY)) {
            if (member.canary().group().equals(group) && fits(member, service, clientId)) {
                return member;
            }
        }
        return null;
    }

    /**
     * The group by whose rights somebody may look at a group: for the one that a canary's new version really works in, the one that the
     * canary is about. To members of the canary that name means nothing.
     */
    public String lookedAtAs(String service, String clientId, String group) {
        if (isEmpty() || !group.endsWith(Names.RESERVED_SUFFIX)) {
            return group;
        }
        String base = group.substring(0, group.length() - Names.RESERVED_SUFFIX.length());
        return byGroup.containsKey(base) && inGroup(service, clientId, base) == null ? base : group;
    }

    private static boolean fits(CanaryMember member, String service, String clientId) {
        return member.canary().scope().clients(member.side()).fits(service, clientId);
    }
}
