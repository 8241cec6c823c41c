package dev.weir.schema.protobuf;

import dev.weir.schema.bytes.Mismatch;
import org.jspecify.annotations.Nullable;

/** Reads one message to its end, and those that it holds. Nothing is built of what is there. */
final class MessageWalk {
    private final WireCursor in;
    private final boolean unknownFields;

    MessageWalk(WireCursor in, boolean unknownFields) {
        this.in = in;
        this.unknownFields = unknownFields;
    }

    /** Reads up to the end of the bytes. */
    void message(MessageNode node) {
        fields(node, 0);
    }

    /**
     * Reads fields up to their end.
     *
     * @param group the number of the group that they are in, which a tag ends; 0 where they end with the bytes
     */
    private void fields(MessageNode node, int group) {
        in.enter();
        int start = in.at();
        long missing = node.requiredBits();
        while (!in.atLimit() || group != 0) {
            int tagAt = in.at();
            int tag = in.readTag();
            int number = tag >>> 3;
            int wireType = tag & 7;
            if (wireType == WireCursor.END_GROUP) {
                if (number != group) {
                    throw strayEnd(tagAt, number);
                }
                break;
            }
            FieldNode field = node.field(number);
            if (field == null) {
                if (!unknownFields && !node.isExtension(number)) {
                    throw in.mismatch(tagAt, "field " + number, "fields of " + node.fullName() + " only");
                }
                skip(number, wireType);
            } else {
                missing &= ~field.required();
                known(field, number, wireType, start, tagAt);
            }
        }
        if (missing != 0) {
            FieldNode field = node.missing(missing);
            throw in.mismatch(in.at(), "none", field.what() + ", which is required")
                    .inField(field.name());
        }
        in.leave();
    }

    private void known(FieldNode field, int number, int wireType, int start, int tagAt) {
        int packed = 0;
        int end = -1;
        try {
            if (wireType == field.wireType()) {
                if (field.repeated()) {
                    in.item();
                }
                value(field, number);
            } else if (wireType == WireCursor.LENGTH && field.packable()) {
                end = in.narrow(in.readLength("packed numbers"));
                for (; !in.atLimit(); packed++) {
                    in.item();
                    value(field, number);
                }
                in.widen(end);
            } else {
                throw in.mismatch(tagAt, "wire type " + wireType, field.what() + ", of wire type " + field.wireType());
            }
        } catch (Mismatch e) {
            if (field.repeated()) {
                e.inItem(items(field, number, start, tagAt) + packed);
            }
            throw e.inField(field.name());
        }
    }

    private void value(FieldNode field, int number) {
        MessageNode message = field.message();
        switch (field.wireType()) {
            case WireCursor.VARINT -> {
                EnumValues values = field.values();
                int at = in.at();
                long value = in.readVarint(field.what());
                if (values != null && !values.has(value)) {
                    throw in.mismatch(at, "a number that it does not have", field.what());
                }
            }
            case WireCursor.FIXED64 -> in.skip(Long.BYTES, field.what());
            case WireCursor.FIXED32 -> in.skip(Integer.BYTES, field.what());
            case WireCursor.START_GROUP -> {
                if (message != null) {
                    fields(message, number);
                }
            }
            default -> lengthDelimited(field, message);
        }
    }

    private void lengthDelimited(FieldNode field, @Nullable MessageNode message) {
        if (field.text()) {
            in.skipString(field.what());
            return;
        }
        int length = in.readLength(field.what());
        if (message == null) {
            in.skip(length, field.what());
        } else {
            int before = in.narrow(length);
            fields(message, 0);
            in.widen(before);
        }
    }

    /** Passes a field that the schema does not have. */
    private void skip(int number, int wireType) {
        String what = "field " + number + ", which the schema does not have";
        switch (wireType) {
            case WireCursor.VARINT -> in.readVarint(what);
            case WireCursor.FIXED64 -> in.skip(Long.BYTES, what);
            case WireCursor.FIXED32 -> in.skip(Integer.BYTES, what);
            case WireCursor.LENGTH -> in.skip(in.readLength(what), what);
            default -> skipGroup(number);
        }
    }

    private void skipGroup(int group) {
        in.enter();
        while (true) {
            int tagAt = in.at();
            int tag = in.readTag();
            int number = tag >>> 3;
            if ((tag & 7) == WireCursor.END_GROUP) {
                if (number != group) {
                    throw strayEnd(tagAt, number);
                }
                break;
            }
            skip(number, tag & 7);
        }
        in.leave();
    }

    private Mismatch strayEnd(int tagAt, int number) {
        return in.mismatch(tagAt, "the end of group " + number, "a field, or the end of the group that is open");
    }

    /** How many items of a repeated field stand between two places of a message that was read so far. */
    private long items(FieldNode field, int number, int from, int to) {
        WireCursor again = in.between(from, to);
        MessageWalk passed = new MessageWalk(again, true);
        long items = 0;
        while (!again.atLimit()) {
            int tag = again.readTag();
            if (tag >>> 3 != number) {
                passed.skip(tag >>> 3, tag & 7);
            } else if ((tag & 7) == field.wireType()) {
                items++;
                passed.skip(number, tag & 7);
            } else {
                int before = again.narrow(again.readLength("packed numbers"));
                for (; !again.atLimit(); items++) {
                    passed.skip(number, field.wireType());
                }
                again.widen(before);
            }
        }
        return items;
    }
}
