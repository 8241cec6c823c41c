package dev.weir.proxy.canary.group;

import dev.weir.canary.Side;
import dev.weir.canary.member.MemberSeen;
import dev.weir.policy.decide.CanaryMember;
import dev.weir.policy.decide.ScopedCanary;
import dev.weir.proxy.authorize.ApiAuthorizer;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Puts the new version of a consumer into a group of its own, without its knowing: policy decides the name that the client uses, the broker
 * gets the other one, and what it answers has the client's name again. Stateless; any thread.
 */
public final class CanaryGroups {
    private final Admission admission;
    private final SeededOffsets seeded;
    private final MemberSigns signs;

    /**
     * Makes it.
     *
     * @param seen told of each client of a canary that acts as a member of a group; on the event loop
     */
    public CanaryGroups(CanaryReadiness readiness, CanarySeeds seeds, Consumer<MemberSeen> seen) {
        this.admission = new Admission(readiness);
        this.seeded = new SeededOffsets(readiness, seeds);
        this.signs = new MemberSigns(seen);
    }

    /**
     * Decides a request, by its authorizer and by who may work in which group.
     *
     * @param request belongs to the callee, as in {@link ApiAuthorizer#decide}
     */
    public Outcome decide(
            ApiAuthorizer<ApiMessage> authorizer, ApiKeys api, ApiMessage request, RequestContext context) {
        GroupNames names = context.canaries().isEmpty() ? null : GroupApis.of(api);
        if (names == null) {
            return authorizer.decide(request, context);
        }
        Outcome refused = admission.refuse(names, api, request, context);
        if (refused != null) {
            return refused;
        }
        Outcome decided = authorizer.decide(request, context);
        if (!(decided instanceof Outcome.Answer)) {
            signs.note(names, request, context);
        }
        if (decided instanceof Outcome.Forward forward) {
            return api == ApiKeys.LIST_GROUPS
                    ? listed(forward)
                    : renamed(names, decided, request, forward.edit(), context);
        }
        return decided instanceof Outcome.Rewrite rewrite
                ? renamed(names, decided, rewrite.request(), rewrite.edit(), context)
                : decided;
    }

    private Outcome renamed(
            GroupNames names,
            Outcome decided,
            ApiMessage request,
            @Nullable ResponseEdit<?> edit,
            RequestContext context) {
        MemberNames own = new MemberNames(context);
        names.request().rename(request, own::toBroker);
        if (own.areTheSame()) {
            return decided;
        }
        GroupNames.Restoring<ApiMessage> restore = names.response();
        return new Outcome.Rewrite(request, restore == null ? edit : restoring(restore, own, edit));
    }

    /** The broker's answer, with the names that the client knows; then whatever else is changed in it. */
    private ResponseEdit<ApiMessage> restoring(
            GroupNames.Restoring<ApiMessage> restore, MemberNames own, @Nullable ResponseEdit<?> edit) {
        return (response, context) -> {
            restore.restore(response, own);
            if (response instanceof OffsetFetchResponseData offsets) {
                Map<String, ScopedCanary> asking = new HashMap<>();
                own.canaries().forEach(canary -> asking.put(canary.group(), canary));
                seeded.seed(offsets, asking, context);
            }
            return ResponseEdit.applied(edit, response, context);
        };
    }

    private static Outcome listed(Outcome.Forward decided) {
        ResponseEdit<ListGroupsResponseData> edit = (response, context) -> {
            context.canaries().scoped().forEach(canary -> showOwn(response, canary, context));
            return (ListGroupsResponseData) ResponseEdit.applied(decided.edit(), response, context);
        };
        return new Outcome.Forward(edit);
    }

    /** A member sees one group of a canary, under the name that it has for it. */
    private static void showOwn(ListGroupsResponseData response, ScopedCanary canary, RequestContext context) {
        CanaryMember member = context.canaries().inGroup(context.service(), context.clientId(), canary.group());
        if (member == null) {
            return;
        }
        String others = canary.group(member.side().other());
        response.groups().removeIf(group -> group.groupId().equals(others));
        if (member.side() == Side.CANARY) {
            response.groups().stream()
                    .filter(group -> group.groupId().equals(canary.canaryGroup()))
                    .forEach(group -> group.setGroupId(canary.group()));
        }
    }
}
