package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class DescribeTransactionsAuthorizerTest {
    private final DescribeTransactionsAuthorizer authorizer = new DescribeTransactionsAuthorizer();
    private final FakeContext context =
            new FakeContext(0).allowTransactionalId("mine", Operation.WRITE).allowTopic("orders", Operation.READ);

    @Test
    void thereIsOneVersion() {
        assertThat(OnTheWire.versions(ApiKeys.DESCRIBE_TRANSACTIONS)).containsExactly((short) 0);
    }

    @Test
    void refusedIdsKeepTheirPlacesAndTopicsWithoutDescribeDoNotShow() {
        Outcome outcome = OnTheWire.decide(authorizer, request("theirs", "mine", "others"), context);

        assertThat(OnTheWire.upstream(outcome, DescribeTransactionsRequestData.class, context))
                .isEqualTo(request("mine"));
        assertThat(OnTheWire.downstream(outcome, answered("mine", "payments", "orders"), context)
                        .transactionStates())
                .containsExactly(refused("theirs"), state("mine", "orders"), refused("others"));
        assertThat(context.denials())
                .containsExactly("TRANSACTIONAL_ID:theirs:DESCRIBE", "TRANSACTIONAL_ID:others:DESCRIBE");
    }

    @Test
    void anAllowedIdStillHidesTopics() {
        Outcome outcome = OnTheWire.decide(authorizer, request("mine"), context);

        assertThat(outcome).isInstanceOf(Outcome.Forward.class);
        assertThat(OnTheWire.downstream(outcome, answered("mine", "payments"), context)
                        .transactionStates())
                .containsExactly(state("mine"));
    }

    @Test
    void whereAllAreRefusedNothingGoesUp() {
        Outcome outcome = OnTheWire.decide(authorizer, request("theirs"), context);

        assertThat(OnTheWire.answer(outcome, DescribeTransactionsResponseData.class, context)
                        .transactionStates())
                .containsExactly(refused("theirs"));
    }

    @Test
    void listedTransactionsAreThoseThatMayBeDescribed() {
        for (short version : OnTheWire.versions(ApiKeys.LIST_TRANSACTIONS)) {
            FakeContext listing = new FakeContext(version).allowTransactionalId("mine", Operation.DESCRIBE);
            Outcome outcome =
                    OnTheWire.decide(new ListTransactionsAuthorizer(), new ListTransactionsRequestData(), listing);
            ListTransactionsResponseData answered = new ListTransactionsResponseData()
                    .setUnknownStateFilters(List.of("Odd"))
                    .setTransactionStates(Stream.of("theirs", "mine")
                            .map(id -> new ListTransactionsResponseData.TransactionState().setTransactionalId(id))
                            .toList());

            ListTransactionsResponseData response = OnTheWire.downstream(outcome, answered, listing);
            assertThat(response.transactionStates())
                    .extracting(ListTransactionsResponseData.TransactionState::transactionalId)
                    .containsExactly("mine");
            assertThat(response.unknownStateFilters()).containsExactly("Odd");
            assertThat(listing.denials()).isEmpty();
        }
    }

    private static DescribeTransactionsRequestData request(String... ids) {
        return new DescribeTransactionsRequestData().setTransactionalIds(List.of(ids));
    }

    private static DescribeTransactionsResponseData answered(String id, String... topics) {
        return new DescribeTransactionsResponseData().setTransactionStates(List.of(state(id, topics)));
    }

    private static TransactionState state(String id, String... topics) {
        TransactionState state = new TransactionState().setTransactionalId(id).setTransactionState("Ongoing");
        for (String topic : topics) {
            state.topics().add(new TopicData().setTopic(topic).setPartitions(List.of(1)));
        }
        return state;
    }

    private static TransactionState refused(String id) {
        return new TransactionState()
                .setTransactionalId(id)
                .setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
    }
}
