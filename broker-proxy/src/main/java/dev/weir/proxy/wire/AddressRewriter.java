package dev.weir.proxy.wire;

import dev.weir.proxy.wire.AddressMap.Address;
import dev.weir.proxy.wire.AddressMap.Role;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.EmptyArrays;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the broker addresses in a whole response, wherever the specs have them ({@link BrokerAddresses}), without
 * decoding it: what stands between them is copied, and the sizes of the tagged fields around them are set right. One
 * per connection, not safe for more than one thread; its programs are shared.
 */
public final class AddressRewriter {

    private static final Set<Field> ADDRESSES = Set.of(
            Field.BROKER_ADDRESS,
            Field.BROKER_ADDRESSES,
            Field.ADDRESS_NODE_ID,
            Field.BROKER_HOST,
            Field.BROKER_PORT,
            Field.ENDPOINT_TYPE);
    private static final int PORT_BYTES_SHORT = 2;
    private static final int ENDPOINT_TYPE_CONTROLLER = 2;

    private final Programs programs;
    private final Programs programsWithTopics;
    private final Walker walker = new Walker();
    private final Finder finder = new Finder();

    /**
     * One for a connection.
     *
     * @param programs from {@link #programs(MessageSpecs)}
     * @param programsWithTopics from {@link #programsWithTopics(MessageSpecs)}
     */
    public AddressRewriter(Programs programs, Programs programsWithTopics) {
        this.programs = programs;
        this.programsWithTopics = programsWithTopics;
    }

    /** The programs that find addresses: one set per process. */
    public static Programs programs(MessageSpecs specs) {
        return new Programs(specs, Interest.in(ADDRESSES));
    }

    /** The programs that find addresses and topics: one set per process. */
    public static Programs programsWithTopics(MessageSpecs specs) {
        EnumSet<Field> fields = EnumSet.copyOf(ADDRESSES);
        fields.addAll(EnumSet.of(Field.TOPICS, Field.TOPIC, Field.TOPIC_NAME));
        return new Programs(specs, Interest.in(fields));
    }

    /** Whether a response of the kind can carry addresses. */
    public boolean hasAddresses(short apiKey, short version) {
        Program program = programs.response(apiKey, version);
        return program != null && program.reports();
    }

    /**
     * Whether the addresses in such a response can be blanked while it streams ({@link TaggedFieldBlanker}). Those of
     * ShareFetch cannot: they are in a plain array (KIP-932), unlike those of Fetch (KIP-951).
     */
    public boolean canBlank(short apiKey, short version) {
        Program program = programs.response(apiKey, version);
        return program != null && program.addressesTagged();
    }

    /**
     * Rewrites a response's body: the readable bytes, all of them. The buffer's reader index does not move, and it is
     * not released.
     *
     * @return a buffer of the caller's with the new body; {@code null} when there is nothing to change, and the body can
     *     go on as it is
     * @throws MalformedFrameException when it is not such a body
     */
    public @Nullable ByteBuf rewrite(
            ByteBufAllocator allocator, short apiKey, short version, ByteBuf body, AddressMap addresses) {
        return rewrite(programs, allocator, apiKey, version, body, addresses, AddressRewriter::everyTopic);
    }

    /**
     * As {@link #rewrite(ByteBufAllocator, short, short, ByteBuf, AddressMap)}, and takes out topics, for a response
     * with one array of topics, outside of any tagged field.
     *
     * @param shows whether a topic with such a name stays; one without a name does
     */
    public @Nullable ByteBuf rewrite(
            ByteBufAllocator allocator,
            short apiKey,
            short version,
            ByteBuf body,
            AddressMap addresses,
            Predicate<String> shows) {
        return rewrite(programsWithTopics, allocator, apiKey, version, body, addresses, shows);
    }

    private @Nullable ByteBuf rewrite(
            Programs reporting,
            ByteBufAllocator allocator,
            short apiKey,
            short version,
            ByteBuf body,
            AddressMap addresses,
            Predicate<String> shows) {
        Program program = reporting.response(apiKey, version);
        if (program == null) {
            throw new MalformedFrameException("api key " + apiKey + " version " + version + " is not known");
        }
        if (!program.reports()) {
            return null;
        }
        finder.begin(addresses, program.isFlexible(), apiKey == ApiKeys.DESCRIBE_QUORUM.id, shows);
        try {
            walker.walk(program, body, finder);
            finder.countTopics();
            return finder.edits.isEmpty() ? null : splice(allocator, body);
        } finally {
            finder.end();
        }
    }

    private static boolean everyTopic(String name) {
        return true;
    }

    private ByteBuf splice(ByteBufAllocator allocator, ByteBuf body) {
        int grown = 0;
        for (Edit edit : finder.edits) {
            grown += edit.grows();
        }
        ByteBuf out = allocator.buffer(body.readableBytes() + grown);
        int copied = 0;
        for (Edit edit : finder.edits) {
            out.writeBytes(body, body.readerIndex() + copied, edit.start - copied);
            out.writeBytes(edit.replacement);
            copied = edit.end;
        }
        return out.writeBytes(body, body.readerIndex() + copied, body.readableBytes() - copied);
    }

    /** Bytes of the body that become others. */
    private static final class Edit {
        final int start;
        int end;
        byte[] replacement;

        Edit(int start, int end, byte[] replacement) {
            this.start = start;
            this.end = end;
            this.replacement = replacement;
        }

        int grows() {
            return replacement.length - (end - start);
        }
    }

    /** Collects the edits, in the order of the body. */
    private final class Finder implements FieldVisitor {
        final List<Edit> edits = new ArrayList<>();
        private final List<OpenTag> open = new ArrayList<>();
        private @Nullable AddressMap addresses;
        private boolean flexible;
        private Role role = Role.BROKER;
        private int nodeId;
        private String host = "";
        private int hostStart;
        private int hostEnd;
        private int port;
        private int portStart;
        private int portEnd;
        private Predicate<String> shows = AddressRewriter::everyTopic;
        private @Nullable Edit topicCount;
        private int topicsLeft;
        private @Nullable Edit topicsRemoved;
        private int topicStart;
        private boolean topicShows;

        void begin(AddressMap map, boolean isFlexible, boolean controllers, Predicate<String> showing) {
            addresses = map;
            shows = showing;
            flexible = isFlexible;
            role = controllers ? Role.CONTROLLER : Role.BROKER;
            nodeId = -1;
        }

        void end() {
            addresses = null;
            shows = AddressRewriter::everyTopic;
            topicCount = null;
            topicsRemoved = null;
            edits.clear();
            open.clear();
        }

        @Override
        public void number(Field field, long value) {
            if (field == Field.ADDRESS_NODE_ID) {
                nodeId = (int) value;
            } else if (field == Field.ENDPOINT_TYPE) {
                role = value == ENDPOINT_TYPE_CONTROLLER ? Role.CONTROLLER : Role.BROKER;
            } else {
                port = (int) value;
                portStart = walker.fieldStart();
                portEnd = walker.position();
            }
        }

        @Override
        public void array(Field field, int count) {
            if (field == Field.TOPICS) {
                topicsLeft = count;
                topicCount = new Edit(walker.fieldStart(), walker.position(), EmptyArrays.EMPTY_BYTES);
                edits.add(topicCount);
            }
        }

        /** Sets the array's count right, once it is known. */
        void countTopics() {
            Edit count = topicCount;
            if (count == null) {
                return;
            }
            if (topicsRemoved == null) {
                edits.remove(count);
            } else {
                count.replacement = flexible ? Varints.bytes(topicsLeft + 1) : bigEndian(topicsLeft, 4);
            }
        }

        private void removeTopic() {
            topicsLeft--;
            Edit before = topicsRemoved;
            if (before != null && before.end == topicStart) {
                before.end = walker.position();
            } else {
                topicsRemoved = new Edit(topicStart, walker.position(), EmptyArrays.EMPTY_BYTES);
                edits.add(topicsRemoved);
            }
        }

        @Override
        public void string(Field field, byte[] utf8, int lengthBytes) {
            if (field == Field.TOPIC_NAME) {
                topicShows = shows.test(new String(utf8, 0, lengthBytes, StandardCharsets.UTF_8));
                return;
            }
            host = new String(utf8, 0, lengthBytes, StandardCharsets.UTF_8);
            hostStart = walker.fieldStart();
            hostEnd = walker.position();
        }

        @Override
        public void structBegin(Field field) {
            if (field == Field.TOPIC) {
                topicStart = walker.fieldStart();
                topicShows = true;
                return;
            }
            host = "";
        }

        @Override
        public void structEnd(Field field) {
            if (field == Field.TOPIC) {
                if (!topicShows) {
                    removeTopic();
                }
                return;
            }
            if (host.isEmpty() || addresses == null) {
                return;
            }
            Address mapped = addresses.map(role, nodeId, host, port);
            Address address = mapped == null ? Address.BLANK : mapped;
            Edit hostEdit = new Edit(hostStart, hostEnd, string(address.host()));
            Edit portEdit = new Edit(portStart, portEnd, port(address.port(), portEnd - portStart));
            edits.add(hostStart < portStart ? hostEdit : portEdit);
            edits.add(hostStart < portStart ? portEdit : hostEdit);
            host = "";
        }

        @Override
        public void taggedFieldSize(Field field, int sizeBytes) {
            Edit size = new Edit(walker.fieldStart(), walker.position(), Varints.bytes(sizeBytes));
            open.add(new OpenTag(size, edits.size(), sizeBytes));
            edits.add(size);
        }

        @Override
        public void taggedFieldEnd(Field field) {
            OpenTag tag = open.remove(open.size() - 1);
            int grown = 0;
            for (Edit edit : edits.subList(tag.index + 1, edits.size())) {
                grown += edit.grows();
            }
            if (tag.index + 1 == edits.size()) {
                edits.remove(tag.index);
            } else {
                tag.size.replacement = Varints.bytes(tag.sizeBytes + grown);
            }
        }

        private byte[] string(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] prefix = flexible ? Varints.bytes(utf8.length + 1) : bigEndian(utf8.length, 2);
            byte[] encoded = new byte[prefix.length + utf8.length];
            System.arraycopy(prefix, 0, encoded, 0, prefix.length);
            System.arraycopy(utf8, 0, encoded, prefix.length, utf8.length);
            return encoded;
        }

        private static byte[] port(int value, int width) {
            return bigEndian(width == PORT_BYTES_SHORT ? Math.max(value, 0) : value, width);
        }

        private static byte[] bigEndian(int value, int width) {
            byte[] bytes = new byte[width];
            for (int i = 0; i < width; i++) {
                bytes[i] = (byte) (value >> (Byte.SIZE * (width - 1 - i)));
            }
            return bytes;
        }
    }

    /** A tagged field around what is being walked, whose size may have to change. */
    private record OpenTag(Edit size, int index, int sizeBytes) {}
}
