package dev.weir.canary.member;

/**
 * A sign that a client is a member of a group.
 *
 * @param memberId that it has there; empty before it has one
 */
public record MemberSeen(GroupClient client, String memberId) {}
