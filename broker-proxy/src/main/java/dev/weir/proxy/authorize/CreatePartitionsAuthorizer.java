package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * CreatePartitions: each topic needs Alter. A refused one is taken out and goes ahead of the broker's results with
 * {@code TOPIC_AUTHORIZATION_FAILED} and no message. Names that occur twice are left to the broker, which refuses them.
 */
final class CreatePartitionsAuthorizer implements ApiAuthorizer<CreatePartitionsRequestData> {

    @Override
    public Outcome decide(CreatePartitionsRequestData request, RequestContext context) {
        Set<String> repeated = Repeated.in(
                request.topics().stream().map(CreatePartitionsTopic::name).toList());
        List<CreatePartitionsTopicResult> refused = new ArrayList<>();
        for (CreatePartitionsTopic topic : Split.takeOut(
                request.topics(),
                topic -> repeated.contains(topic.name()) || context.allowsTopic(topic.name(), Operation.ALTER))) {
            refused.add(new CreatePartitionsTopicResult()
                    .setName(topic.name())
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                    .setErrorMessage(null));
        }
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.topics().isEmpty()) {
            return new Outcome.Answer(new CreatePartitionsResponseData().setResults(refused));
        }
        ResponseEdit<CreatePartitionsResponseData> edit = (response, later) -> {
            response.results().addAll(0, refused);
            return response;
        };
        return new Outcome.Rewrite(request, edit);
    }
}
