package dev.weir.proxy.authorize;

import dev.weir.proxy.authorize.ConfigChange.Change;
import dev.weir.proxy.authorize.ConfigChange.Resource;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.ApiError;

/** IncrementalAlterConfigs, which changes single configs, and levels of loggers: see {@link ConfigChange}. */
final class IncrementalAlterConfigsAuthorizer implements ApiAuthorizer<IncrementalAlterConfigsRequestData> {
    /** The operation that takes no value. */
    private static final byte DELETE = AlterConfigOp.OpType.DELETE.id();

    @Override
    public Outcome decide(IncrementalAlterConfigsRequestData request, RequestContext context) {
        List<Change> changes = request.resources().stream()
                .map(IncrementalAlterConfigsAuthorizer::change)
                .toList();
        ConfigChange change = new ConfigChange(changes, true, context);
        if (change.refusesNothing()) {
            return Outcome.FORWARD;
        }
        request.resources().removeIf(resource -> !change.passes(resource(resource)));
        if (request.resources().isEmpty()) {
            return new Outcome.Answer(new IncrementalAlterConfigsResponseData()
                    .setResponses(change.merged(List.of(), new ResultsOfThis())));
        }
        ResponseEdit<IncrementalAlterConfigsResponseData> edit =
                (response, later) -> response.setResponses(change.merged(response.responses(), new ResultsOfThis()));
        return new Outcome.Rewrite(request, edit);
    }

    private static Change change(AlterConfigsResource resource) {
        return new Change(
                resource(resource),
                resource.configs().stream().map(AlterableConfig::name).toList(),
                resource.configs().stream()
                        .filter(config -> config.value() == null && config.configOperation() != DELETE)
                        .map(AlterableConfig::name)
                        .toList());
    }

    private static Resource resource(AlterConfigsResource resource) {
        return new Resource(resource.resourceType(), resource.resourceName());
    }

    private static final class ResultsOfThis implements ConfigChange.Results<AlterConfigsResourceResponse> {
        @Override
        public Resource resource(AlterConfigsResourceResponse result) {
            return new Resource(result.resourceType(), result.resourceName());
        }

        @Override
        public AlterConfigsResourceResponse of(Resource resource, ApiError error) {
            return new AlterConfigsResourceResponse()
                    .setResourceType(resource.type())
                    .setResourceName(resource.name())
                    .setErrorCode(error.error().code())
                    .setErrorMessage(error.message());
        }
    }
}
