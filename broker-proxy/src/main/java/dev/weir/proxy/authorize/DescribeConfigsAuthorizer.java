package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeConfigs: DescribeConfigs on each topic and group, and on the cluster for brokers, their loggers and client
 * metrics. Refused resources follow the broker's results with the error code of their kind and no configs. A kind that
 * Kafka does not know fails the whole request with {@code INVALID_REQUEST}.
 *
 * <p>Broker addresses are no client's business: those configs of a broker that hold some are shown as Kafka shows
 * passwords, sensitive and without a value.
 */
final class DescribeConfigsAuthorizer implements ApiAuthorizer<DescribeConfigsRequestData> {
    private static final Set<String> ADDRESSES =
            Set.of("listeners", "advertised.listeners", "controller.quorum.voters");
    /** {@code controller.quorum.bootstrap.servers}, and clients that a broker's plugins make. */
    private static final String BOOTSTRAP = "bootstrap.servers";

    @Override
    public Outcome decide(DescribeConfigsRequestData request, RequestContext context) {
        for (DescribeConfigsResource resource : request.resources()) {
            if (!ConfigResources.isKnown(resource.resourceType())) {
                return Refusal.answer(
                        ApiKeys.DESCRIBE_CONFIGS,
                        request,
                        context.apiVersion(),
                        new InvalidRequestException("Unexpected resource type " + ConfigResource.Type.UNKNOWN
                                + " for resource " + resource.resourceName()));
            }
        }
        List<DescribeConfigsResource> passed = new ArrayList<>();
        List<DescribeConfigsResult> refused = new ArrayList<>();
        for (DescribeConfigsResource resource : request.resources()) {
            Errors error = ConfigResources.refusal(
                    resource.resourceType(), resource.resourceName(), Operation.DESCRIBE_CONFIGS, context);
            if (error == Errors.NONE) {
                passed.add(resource);
            } else {
                refused.add(refused(resource, error));
            }
        }
        if (passed.isEmpty() && !refused.isEmpty()) {
            return new Outcome.Answer(new DescribeConfigsResponseData().setResults(refused));
        }
        boolean ofBroker = passed.stream().anyMatch(resource -> isBroker(resource.resourceType()));
        if (refused.isEmpty()) {
            return ofBroker ? new Outcome.Forward(editing(refused)) : Outcome.FORWARD;
        }
        return new Outcome.Rewrite(request.setResources(passed), editing(refused));
    }

    private static DescribeConfigsResult refused(DescribeConfigsResource resource, Errors error) {
        return new DescribeConfigsResult()
                .setErrorCode(error.code())
                .setErrorMessage(error.message())
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }

    private static boolean isBroker(byte resourceType) {
        return resourceType == ConfigResource.Type.BROKER.id();
    }

    private static ResponseEdit<DescribeConfigsResponseData> editing(List<DescribeConfigsResult> refused) {
        return (response, context) -> {
            for (DescribeConfigsResult result : response.results()) {
                if (isBroker(result.resourceType())) {
                    result.configs().forEach(DescribeConfigsAuthorizer::hideAddresses);
                }
            }
            response.results().addAll(refused);
            return response;
        };
    }

    private static void hideAddresses(DescribeConfigsResourceResult config) {
        if (holdsAddresses(config.name())) {
            config.setValue(null).setIsSensitive(true);
        }
        config.synonyms().forEach(synonym -> {
            if (holdsAddresses(synonym.name()) || holdsAddresses(config.name())) {
                synonym.setValue(null);
            }
        });
    }

    private static boolean holdsAddresses(String config) {
        return ADDRESSES.contains(config) || config.endsWith(BOOTSTRAP);
    }
}
