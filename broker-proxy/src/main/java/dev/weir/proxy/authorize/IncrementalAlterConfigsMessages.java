package dev.weir.proxy.authorize;

import dev.weir.proxy.authorize.ConfigChange.Change;
import dev.weir.proxy.authorize.ConfigChange.Resource;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.ApiError;

/** IncrementalAlterConfigs has an operation that takes no value. */
final class IncrementalAlterConfigsMessages
        implements ConfigChangeAuthorizer.Messages<
                IncrementalAlterConfigsRequestData, AlterConfigsResourceResponse, IncrementalAlterConfigsResponseData> {
    private static final byte DELETE = AlterConfigOp.OpType.DELETE.id();

    @Override
    public boolean loggersToo() {
        return true;
    }

    @Override
    public List<Change> changes(IncrementalAlterConfigsRequestData request) {
        return request.resources().stream()
                .map(IncrementalAlterConfigsMessages::change)
                .toList();
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

    @Override
    public boolean retain(IncrementalAlterConfigsRequestData request, Predicate<Resource> kept) {
        request.resources().removeIf(resource -> !kept.test(resource(resource)));
        return !request.resources().isEmpty();
    }

    @Override
    public IncrementalAlterConfigsResponseData response(List<AlterConfigsResourceResponse> results) {
        return new IncrementalAlterConfigsResponseData().setResponses(results);
    }

    @Override
    public List<AlterConfigsResourceResponse> results(IncrementalAlterConfigsResponseData response) {
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
