package dev.weir.proxy.equivalence;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Where Weir is not to answer as Kafka does. Everything else that differs is a mistake, and so is an entry that nothing
 * differs by.
 *
 * @param answers the error that Weir answers with
 */
record IntendedDifference(String what, Predicate<Row> rows, Errors answers, String reason) {
    static final List<IntendedDifference> ALL = List.of(
            new IntendedDifference(
                    "clients' metrics",
                    row -> row.isOneOf(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, ApiKeys.PUSH_TELEMETRY),
                    Errors.NONE,
                    "answered by Weir itself (KIP-714): clients' metrics stay in the mesh"),
            new IntendedDifference(
                    "fetch session of nothing",
                    row -> row.isOneOf(ApiKeys.FETCH) && row.tried().name().equals("session") && row.user() == User.BOB,
                    Errors.NONE,
                    "a fetch of which nothing may be read is answered by Weir, and opens no session at a broker"),
            new IntendedDifference(
                    "fetch as a replica",
                    row -> row.isOneOf(ApiKeys.FETCH)
                            && row.tried().name().equals("as a replica")
                            && row.user() == User.ADMIN,
                    Errors.TOPIC_AUTHORIZATION_FAILED,
                    "brokers' own: behind Weir a follower's fetch would move the broker's high watermark"),
            new IntendedDifference(
                    "offsets as a replica",
                    row -> row.isOneOf(ApiKeys.LIST_OFFSETS, ApiKeys.OFFSET_FOR_LEADER_EPOCH)
                            && row.tried().name().equals("as a replica"),
                    Errors.CLUSTER_AUTHORIZATION_FAILED,
                    "brokers' own: a client that says it is a replica is refused as a whole"),
            new IntendedDifference(
                    "coordinators of share state",
                    row -> row.isOneOf(ApiKeys.FIND_COORDINATOR)
                            && row.tried().name().equals("share state")
                            && row.user() == User.ADMIN,
                    Errors.CLUSTER_AUTHORIZATION_FAILED,
                    "brokers' own: what asks for them never goes through a listener"),
            new IntendedDifference(
                    "delegation tokens",
                    row -> row.isOneOf(
                            ApiKeys.CREATE_DELEGATION_TOKEN,
                            ApiKeys.RENEW_DELEGATION_TOKEN,
                            ApiKeys.EXPIRE_DELEGATION_TOKEN,
                            ApiKeys.DESCRIBE_DELEGATION_TOKEN),
                    Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
                    "with shared upstream credentials a token would be Weir's own"),
            new IntendedDifference(
                    "transaction markers",
                    row -> row.isOneOf(ApiKeys.WRITE_TXN_MARKERS) && row.user() != User.BOB,
                    Errors.CLUSTER_AUTHORIZATION_FAILED,
                    "brokers' own: never through a listener, whatever policy says"),
            new IntendedDifference(
                    "state of share groups",
                    row -> row.isOneOf(
                                    ApiKeys.INITIALIZE_SHARE_GROUP_STATE,
                                    ApiKeys.READ_SHARE_GROUP_STATE,
                                    ApiKeys.WRITE_SHARE_GROUP_STATE,
                                    ApiKeys.DELETE_SHARE_GROUP_STATE,
                                    ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY)
                            && row.user() == User.ADMIN,
                    Errors.CLUSTER_AUTHORIZATION_FAILED,
                    "brokers' own: never through a listener, whatever policy says"),
            new IntendedDifference(
                    "batched AddPartitionsToTxn",
                    row -> row.isOneOf(ApiKeys.ADD_PARTITIONS_TO_TXN) && row.version() > 3 && row.user() == User.ADMIN,
                    Errors.CLUSTER_AUTHORIZATION_FAILED,
                    "brokers' own: from version 4 on the API is for brokers that verify transactions"));

    static Stream<IntendedDifference> of(Row row) {
        return ALL.stream().filter(difference -> difference.rows.test(row));
    }

    /** Whether Weir did answer a row as it is meant to. */
    boolean holds(Row row) {
        return answers == Errors.NONE
                || row.weir().stream()
                        .allMatch(answer -> answer.contains("rrorCode\":" + answers.code() + ",")
                                || answer.contains("rrorCode\":" + answers.code() + "}"));
    }
}
