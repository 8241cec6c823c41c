package dev.weir.proxy.canary.group;

import dev.weir.policy.decide.CanaryMember;
import dev.weir.policy.decide.ScopedCanary;
import dev.weir.proxy.authorize.RequestContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one request that are other groups to the broker than to the client. They are the same on the way down, whatever
 * policy says by then. One event loop.
 */
final class MemberNames {
    private final RequestContext context;
    private final List<ScopedCanary> changed = new ArrayList<>(1);

    MemberNames(RequestContext context) {
        this.context = context;
    }

    /** Of a group as the client calls it, the name that the broker knows it by. */
    String toBroker(String group) {
        CanaryMember member = context.canaries().inGroup(context.service(), context.clientId(), group);
        if (member == null || member.group().equals(group)) {
            return group;
        }
        if (!changed.contains(member.canary())) {
            changed.add(member.canary());
        }
        return member.group();
    }

    /** Whether the broker knows every group by the name that the client gave. */
    boolean areTheSame() {
        return changed.isEmpty();
    }

    /** The canaries whose new version asks. */
    List<ScopedCanary> canaries() {
        return changed;
    }

    /** Of a group as the broker calls it, the canary whose new version works in it; {@code null} for none that asks here. */
    @Nullable
    ScopedCanary workingIn(String group) {
        for (ScopedCanary canary : changed) {
            if (canary.canaryGroup().equals(group)) {
                return canary;
            }
        }
        return null;
    }

    /** Of a group as the broker calls it, the client's name. */
    String toClient(String group) {
        ScopedCanary canary = workingIn(group);
        return canary == null ? group : canary.group();
    }

    /** A text for people, with the client's names in it. */
    @Nullable
    String inText(@Nullable String text) {
        String own = text;
        for (ScopedCanary canary : changed) {
            own = own == null ? null : own.replace(canary.canaryGroup(), canary.group());
        }
        return own;
    }
}
