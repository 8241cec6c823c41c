package dev.weir.proxy.wire;

import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.FieldType.Primitive;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.StructSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds where responses say at which address a broker or controller is: every struct of a response that has a
 * {@code Host} and a {@code Port}, unless it is listed here as something else. So a struct that a new Kafka release
 * brings is rewritten without a word from us; a test tells us about it all the same.
 */
final class BrokerAddresses {

    /**
     * Structs with a host and a port that are no broker's, as {@code message/struct}. The {@code Endpoint}s of Kafka
     * Streams are where applications answer interactive queries of each other: they are set by the application
     * ({@code application.server}) and a client must get them as they were set (KIP-1071).
     */
    static final Set<String> NOT_BROKERS =
            Set.of("StreamsGroupHeartbeatResponse/Endpoint", "StreamsGroupDescribeResponse/Endpoint");

    private BrokerAddresses() {}

    static boolean isAddress(MessageSpec message, StructSpec struct, int version) {
        return message.direction() == Direction.RESPONSE
                && has(struct, "Host", Primitive.STRING, version)
                && (has(struct, "Port", Primitive.INT32, version) || has(struct, "Port", Primitive.UINT16, version))
                && !NOT_BROKERS.contains(message.name() + "/" + struct.name());
    }

    /** Whether the field says of which node the address in its struct, or in one right below, is. */
    static boolean isAddressNodeId(MessageSpec message, StructSpec struct, FieldSpec field, int version) {
        if (!field.equals(nodeId(struct, version))) {
            return false;
        }
        if (isAddress(message, struct, version)) {
            return true;
        }
        for (FieldSpec below : struct.fields()) {
            if (below.type().element() instanceof FieldType.Struct inner
                    && isAddress(message, inner.spec(), version)
                    && nodeId(inner.spec(), version) == null) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value of the type carries an address, at any depth, in the version. */
    static boolean carries(MessageSpec message, FieldType type, int version) {
        if (!(type.element() instanceof FieldType.Struct struct)) {
            return false;
        }
        return isAddress(message, struct.spec(), version)
                || struct.spec().fields().stream()
                        .anyMatch(
                                field -> field.versions().contains(version) && carries(message, field.type(), version));
    }

    private static @Nullable FieldSpec nodeId(StructSpec struct, int version) {
        for (FieldSpec field : struct.fields()) {
            if (field.entityType().equals("brokerId")
                    && field.type() == Primitive.INT32
                    && field.versions().contains(version)) {
                return field;
            }
        }
        return null;
    }

    private static boolean has(StructSpec struct, String name, Primitive type, int version) {
        for (FieldSpec field : struct.fields()) {
            if (field.name().equals(name)
                    && field.type() == type
                    && field.versions().contains(version)) {
                return true;
            }
        }
        return false;
    }
}
