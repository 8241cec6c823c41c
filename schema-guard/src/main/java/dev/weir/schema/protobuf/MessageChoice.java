package dev.weir.schema.protobuf;

import dev.weir.mesh.log.Counted;
import dev.weir.schema.bytes.Mismatch;
import dev.weir.schema.bytes.ZigZag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which message of a schema a payload is. Some serializers say it in front of the payload. */
sealed interface MessageChoice {
    /** Moves behind what says it, and answers the message. */
    MessageNode choose(WireCursor in);

    /** Whether what says a message of the schema stands there. */
    default boolean isNext(WireCursor in) {
        return false;
    }

    /** The one that is declared. */
    record Declared(MessageNode message) implements MessageChoice {
        @Override
        public MessageNode choose(WireCursor in) {
            return message;
        }
    }

    /**
     * Confluent's message indexes: how many there are, then the number of the message in its file, of the message in that one,
     * and so on, each a zig-zag varint; one 0 stands for the first message of the file.
     *
     * @param only the message that it has to be, or {@code null} for any
     */
    record ByIndexes(Branch file, @Nullable MessageNode only) implements MessageChoice {
        private static final String WHAT = "Confluent's message indexes";

        @Override
        public MessageNode choose(WireCursor in) {
            int start = in.at();
            long count = zigZag(in);
            if (count < 0 || count > in.remainingBytes()) {
                throw in.mismatch(
                        start,
                        Counted.of(count, "message index", "message indexes") + " with "
                                + Counted.of(in.remainingBytes(), "byte") + " left",
                        WHAT);
            }
            Branch at = file;
            for (long i = 0; i < Math.max(count, 1); i++) {
                long index = count == 0 ? 0 : zigZag(in);
                Branch next = at.step(index);
                if (next == null) {
                    int messages = at.steps();
                    throw in.mismatch(
                            start,
                            "message index " + index,
                            WHAT + ", here " + (messages == 0 ? "none" : "0 to " + (messages - 1)));
                }
                at = next;
            }
            return checked(in, start, at.message(), only);
        }

        /** Of indexes of single bytes only: so are all that a name could be taken for. */
        @Override
        public boolean isNext(WireCursor in) {
            int twice = in.byteAt(0);
            Branch at = file;
            for (int i = 1; i <= twice / 2 && at != null; i++) {
                int index = in.byteAt(i);
                at = index % 2 == 0 ? at.step(index / 2) : null;
            }
            return twice % 2 == 0 && at != null;
        }

        static MessageNode checked(WireCursor in, int start, @Nullable MessageNode found, @Nullable MessageNode only) {
            if (found == null || (only != null && found != only)) {
                throw in.mismatch(
                        start,
                        "message " + (found == null ? "none" : found.fullName()),
                        "message " + (only == null ? "of the schema" : only.fullName()));
            }
            return found;
        }

        private static long zigZag(WireCursor in) {
            return ZigZag.decode(in.readVarint(WHAT));
        }
    }

    /**
     * One that stands in a header, and not in the payload.
     *
     * @param said the message, or {@code null} when the schema has none there
     * @param only the message that it has to be, or {@code null} for any
     */
    record Said(@Nullable MessageNode said, @Nullable MessageNode only) implements MessageChoice {
        static Said of(Branch file, List<Integer> indexes, @Nullable MessageNode only) {
            Branch at = file;
            for (int i = 0; i < indexes.size() && at != null; i++) {
                at = at.step(indexes.get(i));
            }
            return new Said(at == null ? null : at.message(), only);
        }

        @Override
        public MessageNode choose(WireCursor in) {
            return ByIndexes.checked(in, in.at(), said, only);
        }
    }

    /**
     * A name in front as Apicurio's serializers of version 3 write it behind any id, or what other serializers write there. No payload that
     * means anything begins with such a name. Indexes may, where the file has so many messages: what can be either is indexes.
     *
     * @param only the message that it has to be, or {@code null} for any
     */
    record NameFirst(
            ByName names, MessageChoice otherwise, @Nullable MessageNode only) implements MessageChoice {
        @Override
        public MessageNode choose(WireCursor in) {
            int start = in.at();
            return names.isNext(in) && !otherwise.isNext(in)
                    ? ByIndexes.checked(in, start, names.choose(in), only)
                    : otherwise.choose(in);
        }
    }

    /**
     * Apicurio's: a message of its own with the name in field 1, and its length in front. The name has no package. Version 3 may be told to
     * write Confluent's indexes behind it.
     *
     * @param names in UTF-8
     * @param messages in the same order
     * @param indexes what reads those
     */
    record ByName(List<byte[]> names, List<MessageNode> messages, ByIndexes indexes) implements MessageChoice {
        private static final String WHAT = "the name of a message, as Apicurio's serializers write it";
        private static final int NAME_TAG = 1 << 3 | WireCursor.LENGTH;

        static ByName of(List<MessageNode> messages, Branch file) {
            return new ByName(
                    messages.stream()
                            .map(message -> message.fullName()
                                    .substring(message.fullName().lastIndexOf('.') + 1)
                                    .getBytes(StandardCharsets.UTF_8))
                            .toList(),
                    messages,
                    new ByIndexes(file, null));
        }

        /** With the lengths that belong to it. */
        @Override
        public boolean isNext(WireCursor in) {
            int lengthBytes = in.byteAt(0);
            int nameBytes = in.byteAt(2);
            return nameBytes >= 0
                    && lengthBytes == nameBytes + 2
                    && in.byteAt(1) == NAME_TAG
                    && in.remainingBytes() > lengthBytes
                    && find(in, in.at() + 3, nameBytes) != null;
        }

        private @Nullable MessageNode find(WireCursor in, int nameAt, int lengthBytes) {
            for (int i = 0; i < names.size(); i++) {
                if (in.stands(names.get(i), nameAt, lengthBytes)) {
                    return messages.get(i);
                }
            }
            return null;
        }

        @Override
        public MessageNode choose(WireCursor in) {
            int start = in.at();
            int before = in.narrow(in.readLength(WHAT));
            if (in.readTag() != NAME_TAG) {
                throw unknown(in, start);
            }
            int length = in.readLength(WHAT);
            int nameAt = in.at();
            in.skip(length, WHAT);
            if (!in.atLimit()) {
                throw unknown(in, start);
            }
            in.widen(before);
            MessageNode named = find(in, nameAt, length);
            if (named == null) {
                throw unknown(in, start);
            }
            int next = in.byteAt(0);
            if (next >= 0 && next >>> 3 == 0) { // no message begins with a tag of field 0
                ByIndexes.checked(in, start, indexes.choose(in), named);
            }
            return named;
        }

        private Mismatch unknown(WireCursor in, int start) {
            return in.mismatch(
                    start,
                    "something else",
                    WHAT + ", one of "
                            + Arrays.toString(
                                    messages.stream().map(MessageNode::fullName).toArray()));
        }
    }
}
