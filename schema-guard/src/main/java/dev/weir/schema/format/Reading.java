package dev.weir.schema.format;

import dev.weir.schema.Limits;
import dev.weir.schema.framing.Framing;

/**
 * How payloads are read, as far as their schema does not say it.
 *
 * @param framing what stood before them: Protobuf's serializers also say there which message of the schema it is
 * @param message full name of the Protobuf message that they are, or empty for what the framing says, or the schema's only one
 * @param unknownFields whether a Protobuf message may have fields that its schema does not have, as newer writers send
 * @param limits how much one of them may ask
 */
public record Reading(Framing framing, String message, boolean unknownFields, Limits limits) {

    /** As the framing says, with the usual limits. */
    public static Reading of(Framing framing) {
        return new Reading(framing, "", true, Limits.DEFAULT);
    }

    /** The same behind another framing. */
    public Reading behind(Framing other) {
        return new Reading(other, message, unknownFields, limits);
    }
}
