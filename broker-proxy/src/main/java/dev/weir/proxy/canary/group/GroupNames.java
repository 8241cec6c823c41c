package dev.weir.proxy.canary.group;

import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of one API name groups.
 *
 * @param use what becomes of the groups
 * @param one the group that a request works in; {@code null} where it does not work in one
 * @param request gives each group that a request names another name
 * @param response does so in a response, error messages included; {@code null} where no response names a group
 */
record GroupNames(
        GroupUse use,
        Working<ApiMessage> one,
        Renaming<ApiMessage> request,
        @Nullable Restoring<ApiMessage> response) {

    /** Gives the group that a request works in, if it works in one. */
    interface Working<Q extends ApiMessage> {
        @Nullable
        String group(Q request);
    }

    /** Changes the names in a request. */
    interface Renaming<Q extends ApiMessage> {
        void rename(Q request, UnaryOperator<String> names);
    }

    /** Gives a response the client's names again. */
    interface Restoring<S extends ApiMessage> {
        void restore(S response, MemberNames names);
    }

    /** Of requests that work in one group; their responses do not name it. */
    static <Q extends ApiMessage> GroupNames working(Function<Q, String> get, BiConsumer<Q, String> set) {
        return new GroupNames(GroupUse.WORK, question(get::apply), request(one(get, set)), null);
    }

    /** As {@link #working(Function, BiConsumer)}; their responses may. */
    static <Q extends ApiMessage, S extends ApiMessage> GroupNames working(
            Function<Q, String> get, BiConsumer<Q, String> set, Restoring<S> response) {
        return new GroupNames(GroupUse.WORK, question(get::apply), request(one(get, set)), response(response));
    }

    /** Of requests about groups of other kinds; their names stay, whatever they are. */
    static <Q extends ApiMessage> GroupNames foreign(Working<Q> get) {
        return new GroupNames(GroupUse.FOREIGN, question(get), (request, names) -> {}, null);
    }

    /** Of requests that do not work in a group, and whose responses do not name one. */
    static <Q extends ApiMessage> GroupNames other(Renaming<Q> request) {
        return new GroupNames(GroupUse.OTHER, none -> null, request(request), null);
    }

    /** Of requests that do not work in a group. */
    static <Q extends ApiMessage, S extends ApiMessage> GroupNames other(Renaming<Q> request, Restoring<S> response) {
        return new GroupNames(GroupUse.OTHER, none -> null, request(request), response(response));
    }

    static <Q extends ApiMessage> Renaming<Q> one(Function<Q, String> get, BiConsumer<Q, String> set) {
        return (request, names) -> set.accept(request, names.apply(get.apply(request)));
    }

    @SuppressWarnings("unchecked") // the table names each with the API of its request, which a test sees to
    private static <Q extends ApiMessage> Working<ApiMessage> question(Working<Q> working) {
        return (Working<ApiMessage>) working;
    }

    @SuppressWarnings("unchecked") // as above
    private static <Q extends ApiMessage> Renaming<ApiMessage> request(Renaming<Q> renaming) {
        return (Renaming<ApiMessage>) renaming;
    }

    @SuppressWarnings("unchecked") // as above
    private static <S extends ApiMessage> Restoring<ApiMessage> response(Restoring<S> restoring) {
        return (Restoring<ApiMessage>) restoring;
    }
}
