package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.proxy.wire.spec.StructSpec;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Kafka's own specs say which messages name groups: none is left out. */
class GroupApisTest {
    private static final MessageSpecs SPECS = new MessageSpecs();

    /** They only look at groups of other kinds. */
    private static final Set<ApiKeys> LOOKS_ELSEWHERE = EnumSet.of(
            ApiKeys.SHARE_GROUP_DESCRIBE, ApiKeys.STREAMS_GROUP_DESCRIBE, ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS);

    @Test
    void everyRequestThatNamesAGroupIsListed() {
        for (ApiKeys api : ApiKeys.values()) {
            boolean names = names(api, Direction.REQUEST) && ApiAuthorizers.advertises(api);
            if (names && !LOOKS_ELSEWHERE.contains(api)) {
                assertThat(GroupApis.of(api)).as(api.name).isNotNull();
            }
        }
    }

    @Test
    void everyResponseThatNamesAGroupGetsTheClientsNames() {
        for (ApiKeys api : ApiKeys.values()) {
            GroupNames listed = GroupApis.of(api);
            boolean restored = listed != null && (listed.response() != null || listed.use() == GroupUse.FOREIGN);
            if (names(api, Direction.RESPONSE)
                    && ApiAuthorizers.advertises(api)
                    && !LOOKS_ELSEWHERE.contains(api)
                    && api != ApiKeys.LIST_GROUPS) {
                assertThat(restored).as(api.name).isTrue();
            }
        }
    }

    private static boolean names(ApiKeys api, Direction direction) {
        MessageSpec spec = SPECS.spec(api.id, direction);
        return api == ApiKeys.FIND_COORDINATOR || (spec != null && names(spec.body()));
    }

    private static boolean names(StructSpec struct) {
        return struct.fields().stream().anyMatch(GroupApisTest::names);
    }

    private static boolean names(FieldSpec field) {
        FieldType element = field.type().element();
        return field.entityType().equals("groupId")
                || field.name().equals("GroupId")
                || (element instanceof FieldType.Struct struct && names(struct.spec()));
    }
}
