package dev.weir.proxy.authorize;

import dev.weir.proxy.authorize.ConfigChange.Change;
import dev.weir.proxy.authorize.ConfigChange.Resource;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs, which replaces all configs of a resource and knows no loggers: see {@link ConfigChange}. */
final class AlterConfigsAuthorizer implements ApiAuthorizer<AlterConfigsRequestData> {

    @Override
    public Outcome decide(AlterConfigsRequestData request, RequestContext context) {
        List<Change> changes =
                request.resources().stream().map(AlterConfigsAuthorizer::change).toList();
        ConfigChange change = new ConfigChange(changes, false, context);
        if (change.refusesNothing()) {
            return Outcome.FORWARD;
        }
        request.resources().removeIf(resource -> !change.passes(resource(resource)));
        if (request.resources().isEmpty()) {
            return new Outcome.Answer(
                    new AlterConfigsResponseData().setResponses(change.merged(List.of(), new ResultsOfThis())));
        }
        ResponseEdit<AlterConfigsResponseData> edit =
                (response, later) -> response.setResponses(change.merged(response.responses(), new ResultsOfThis()));
        return new Outcome.Rewrite(request, edit);
    }

    private static Change change(AlterConfigsResource resource) {
        return new Change(
                resource(resource),
                resource.configs().stream().map(AlterableConfig::name).toList(),
                resource.configs().stream()
                        .filter(config -> config.value() == null)
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
