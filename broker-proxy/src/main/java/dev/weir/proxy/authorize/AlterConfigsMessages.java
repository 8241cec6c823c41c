package dev.weir.proxy.authorize;

import dev.weir.proxy.authorize.ConfigChange.Change;
import dev.weir.proxy.authorize.ConfigChange.Resource;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs knows no loggers. */
final class AlterConfigsMessages
        implements ConfigChangeAuthorizer.Messages<
                AlterConfigsRequestData, AlterConfigsResourceResponse, AlterConfigsResponseData> {
    @Override
    public boolean loggersToo() {
        return false;
    }

    @Override
    public List<Change> changes(AlterConfigsRequestData request) {
        return request.resources().stream().map(AlterConfigsMessages::change).toList();
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

    @Override
    public boolean retain(AlterConfigsRequestData request, Predicate<Resource> kept) {
        request.resources().removeIf(resource -> !kept.test(resource(resource)));
        return !request.resources().isEmpty();
    }

    @Override
    public AlterConfigsResponseData response(List<AlterConfigsResourceResponse> results) {
        return new AlterConfigsResponseData().setResponses(results);
    }

    @Override
    public List<AlterConfigsResourceResponse> results(AlterConfigsResponseData response) {
        return response.responses();
    }

    @Override
    public Resource resource(AlterConfigsResourceResponse result) {
        return new Resource(result.resourceType(), result.resourceName());
    }

    @Override
    public AlterConfigsResourceResponse result(Resource resource, ApiError error) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.type())
                .setResourceName(resource.name())
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
