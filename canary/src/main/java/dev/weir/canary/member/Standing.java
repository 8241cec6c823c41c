package dev.weir.canary.member;

import java.util.Optional;

/** What is known of a client that reads, and a group. */
public sealed interface Standing {
    Standing MEMBER = new Member();
    Standing AWAITED = new Awaited();

    /** It is in the group, or was a short time ago, as is some client of the same Service and client id. */
    record Member() implements Standing {}

    /** Nobody has seen it in the group, which may be for want of time. */
    record Awaited() implements Standing {}

    /**
     * It is not in the group: all that there is to know has been read, long enough after it was first asked for.
     *
     * @param otherGroup one that it is in
     */
    record Absent(Optional<String> otherGroup) implements Standing {}
}
