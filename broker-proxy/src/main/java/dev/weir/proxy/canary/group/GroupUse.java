package dev.weir.proxy.canary.group;

/** What the requests of an API do with the groups that they name. */
enum GroupUse {
    /** They work in it: join, stay, commit. Only for its members. */
    WORK,
    /** They look at it, leave it, or take it away. */
    OTHER,
    /** They work in it by a protocol that hands out records one by one, or tasks: a canary shares none of these. */
    FOREIGN
}
