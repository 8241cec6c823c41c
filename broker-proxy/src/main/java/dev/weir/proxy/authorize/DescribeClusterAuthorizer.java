package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeCluster: open to everybody. {@code ClusterAuthorizedOperations}, when asked for, are the client's own: none of
 * them without Describe on the cluster.
 */
final class DescribeClusterAuthorizer implements ApiAuthorizer<DescribeClusterRequestData> {
    private static final ResponseEdit<DescribeClusterResponseData> EDIT = (response, context) -> {
        if (response.errorCode() == Errors.NONE.code()) {
            boolean describes = context.allowsCluster(Operation.DESCRIBE);
            response.setClusterAuthorizedOperations(
                    describes
                            ? AuthorizedOperations.both(
                                    response.clusterAuthorizedOperations(),
                                    context,
                                    ResourceType.CLUSTER,
                                    ResourceType.CLUSTER_NAME)
                            : 0);
        }
        return response;
    };
    private static final Outcome WITH_OPERATIONS = new Outcome.Forward(EDIT);

    @Override
    public Outcome decide(DescribeClusterRequestData request, RequestContext context) {
        return request.includeClusterAuthorizedOperations() ? WITH_OPERATIONS : Outcome.FORWARD;
    }
}
