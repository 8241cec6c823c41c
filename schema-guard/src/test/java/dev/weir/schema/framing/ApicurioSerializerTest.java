package dev.weir.schema.framing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaSet;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.SchemaParser;
import io.apicurio.registry.resolver.SchemaResolver;
import io.apicurio.registry.resolver.client.RegistryClientFacade;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.resolver.strategy.ArtifactReferenceResolverStrategy;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.protobuf.ProtobufKafkaSerializer;
import io.apicurio.registry.utils.protobuf.schema.ProtobufSchema;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What Apicurio's serializers of version 3 write, by schemas of content id 7 and global id 70. No registry is asked. */
class ApicurioSerializerTest {
    private static final String ORDER = """
            syntax = "proto3";
            message Line { string sku = 1; }
            message Order { repeated Line lines = 1; }
            """;
    /** The same as protoc has it. */
    private static final FileDescriptorProto FILE = FileDescriptorProto.newBuilder()
            .setName("order.proto")
            .setSyntax("proto3")
            .addMessageType(DescriptorProto.newBuilder()
                    .setName("Line")
                    .addField(FieldDescriptorProto.newBuilder()
                            .setName("sku")
                            .setNumber(1)
                            .setType(Type.TYPE_STRING)
                            .setLabel(Label.LABEL_OPTIONAL)))
            .addMessageType(DescriptorProto.newBuilder()
                    .setName("Order")
                    .addField(FieldDescriptorProto.newBuilder()
                            .setName("lines")
                            .setNumber(1)
                            .setType(Type.TYPE_MESSAGE)
                            .setTypeName(".Line")
                            .setLabel(Label.LABEL_REPEATED)))
            .build();

    private static final String HEADERS = "apicurio.registry.headers.enabled";
    private static final String USE_ID = "apicurio.registry.use-id";

    @Test
    void writesConfluentsPrefixUnlessToldOtherwise() {
        assertThat(read(Framing.CONFLUENT_PREFIX, Map.of())).isEqualTo(new Framed.Payload(new SchemaRef.Id(7), 5));
    }

    @Test
    void writesTheContentIdIntoAHeaderWhereHeadersAreOn() {
        assertThat(read(Framing.APICURIO_HEADERS, Map.of(HEADERS, true)))
                .isEqualTo(new Framed.Payload(new SchemaRef.Id(7), 0));
    }

    @Test
    void writesTheGlobalIdAsVersion2DidWhereItIsTold() {
        assertThat(read(Framing.APICURIO_HEADERS, Map.of(HEADERS, true, USE_ID, "globalId")))
                .isEqualTo(new Framed.Payload(new SchemaRef.GlobalId(70), 0));
        assertThat(read(
                        Framing.APICURIO,
                        Map.of(
                                USE_ID,
                                "globalId",
                                "apicurio.registry.id-handler",
                                "io.apicurio.registry.serde.Legacy8ByteIdHandler")))
                .isEqualTo(new Framed.Payload(new SchemaRef.GlobalId(70), 9));
    }

    @Test
    void saysWhichMessageOfAProtobufSchemaItIsInFrontOfThePayload() throws Exception {
        assertReads(Framing.CONFLUENT_PREFIX, "", Map.of());
        assertReads(Framing.CONFLUENT_PREFIX, "Order", Map.of());
        assertReads(Framing.CONFLUENT_PREFIX, "", Map.of("apicurio.registry.serde.send-indexes", true));
        assertReads(
                Framing.CONFLUENT_PREFIX,
                "",
                Map.of("apicurio.registry.serde.send-indexes", true, "apicurio.registry.serde.send-type-ref", false));
        assertReads(Framing.APICURIO_HEADERS, "Order", Map.of(HEADERS, true));
    }

    /** Also that the same with a broken text at its end does not. */
    private static void assertReads(Framing framing, String message, Map<String, Object> settings) throws Exception {
        Descriptor order = FileDescriptor.buildFrom(FILE, new FileDescriptor[0]).findMessageTypeByName("Order");
        RecordHeaders headers = new RecordHeaders();
        byte[] written;
        try (ProtobufKafkaSerializer<DynamicMessage> serializer =
                new ProtobufKafkaSerializer<>(new Known<ProtobufSchema, DynamicMessage>())) {
            serializer.configure(settings, false);
            written = serializer.serialize(
                    "orders", headers, DynamicMessage.parseFrom(order, ByteString.fromHex("0a030a0161")));
        }
        Framed.Payload framed = (Framed.Payload) read(framing, written, headers);
        assertThat(framed.schema()).isEqualTo(new SchemaRef.Id(7));
        PayloadValidator validator = SchemaSet.of(Map.of("order.proto", ORDER))
                .validator("order.proto", new Reading(framing, message, true, Limits.DEFAULT))
                .orElseThrow();
        int from = framed.payloadOffset();
        assertThat(validator.check(written, from, written.length - from)).isNull();
        written[written.length - 1] = (byte) 0xff;
        assertThat(validator.check(written, from, written.length - from).path()).isEqualTo("lines[0].sku");
    }

    private static Framed read(Framing framing, Map<String, Object> settings) {
        RecordHeaders headers = new RecordHeaders();
        byte[] written;
        try (AvroKafkaSerializer<String> serializer = new AvroKafkaSerializer<>(new Known<Schema, String>())) {
            serializer.configure(settings, false);
            written = serializer.serialize("orders", headers, "a");
        }
        return read(framing, written, headers);
    }

    private static Framed read(Framing framing, byte[] written, RecordHeaders headers) {
        return framing.read(false, written, 0, written.length, name -> {
            Header last = headers.lastHeader(name);
            return last == null ? null : last.value();
        });
    }

    /** In place of a registry. */
    private static final class Known<S, D> implements SchemaResolver<S, D> {
        private SchemaParser<S, D> parser;

        @Override
        public void configure(Map<String, ?> settings, SchemaParser<S, D> used) {
            parser = used;
        }

        @Override
        public SchemaParser<S, D> getSchemaParser() {
            return parser;
        }

        @Override
        public SchemaLookupResult<S> resolveSchema(Record<D> written) {
            return SchemaLookupResult.<S>builder()
                    .contentId(7)
                    .globalId(70)
                    .artifactId("orders-value")
                    .version("1")
                    .parsedSchema(parser.getSchemaFromData(written))
                    .build();
        }

        @Override
        public SchemaLookupResult<S> resolveSchemaByArtifactReference(ArtifactReference any) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setClientFacade(RegistryClientFacade none) {}

        @Override
        public void setArtifactResolverStrategy(ArtifactReferenceResolverStrategy<S, D> none) {}

        @Override
        public void reset() {}

        @Override
        public void close() {}
    }
}
