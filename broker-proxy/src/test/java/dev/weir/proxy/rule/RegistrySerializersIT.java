package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.registry.Apicurio;
import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.SerdeConfig;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.data.KafkaSerdeMetadata;
import io.apicurio.registry.serde.jsonschema.JsonSchemaKafkaSerializer;
import io.apicurio.registry.serde.protobuf.ProtobufKafkaSerializer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real registry, and what serializers of each format write by it. Apicurio's are its own, of the same version; Confluent's cannot be had from
 * Maven Central, so their bytes are put together by Confluent's description of them.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Wire format</a>
 */
class RegistrySerializersIT {
    private static final String RULES = """
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: prefix, owner: test}
            spec: {topics: ["prefix-*"], value: {registry: apicurio}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: front, owner: test}
            spec: {topics: ["front-*"], value: {registry: apicurio, framing: apicurio}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: header, owner: test}
            spec: {topics: [header-avro, header-json], value: {registry: apicurio, framing: apicurio-headers}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: named, owner: test}
            spec: {topics: [header-protobuf], value: {registry: apicurio, framing: apicurio-headers, message: Order}}
            """;

    private static RegistryMesh mesh;
    private static EmbeddedKafka kafka;
    private static Apicurio registry;
    private static KafkaProducer<byte[], byte[]> producer;

    /** A schema, a record that is what it says, and one that is not. */
    enum Format {
        AVRO("""
                {"type": "record", "name": "Order", "fields": [{"name": "sku", "type": "string"}]}""", "", "0261", "0a61", "at sku (byte 0): found a length of 5 with 1 byte left") {
            @Override
            Serializer<?> serializer() {
                return new AvroKafkaSerializer<>();
            }

            @Override
            Object record() {
                return new GenericRecordBuilder(new Schema.Parser().parse(schema))
                        .set("sku", "a")
                        .build();
            }
        },
        JSON("""
                {"type": "object", "properties": {"sku": {"type": "string"}}}""", "", hex("{\"sku\":\"a\"}"), hex("{\"sku\":1}"), "at sku (byte 7): found ") {
            @Override
            Serializer<?> serializer() {
                return new JsonSchemaKafkaSerializer<>();
            }

            @Override
            Object record() {
                return JsonNodeFactory.instance.objectNode().put("sku", "a");
            }
        },
        /** Its second message, so that Confluent's indexes are 1 of them, and that is 1. */
        PROTOBUF("""
                syntax = "proto3";
                message Line { string sku = 1; }
                message Order { repeated Line lines = 1; }
                """, "0202", "0a030a0161", "0a030a01ff", "at lines[0].sku (byte ") {
            @Override
            Serializer<?> serializer() {
                return new ProtobufKafkaSerializer<>(new ByTopic<>());
            }

            @Override
            Object record() throws Exception {
                return DynamicMessage.parseFrom(order(), ByteString.fromHex("0a030a0161"));
            }
        };

        final String schema;
        final byte[] indexes;
        final byte[] good;
        final byte[] broken;
        final String wrong;

        Format(String schema, String indexes, String good, String broken, String wrong) {
            this.schema = schema;
            this.indexes = HexFormat.of().parseHex(indexes);
            this.good = HexFormat.of().parseHex(good);
            this.broken = HexFormat.of().parseHex(broken);
            this.wrong = wrong;
        }

        /** Apicurio's. */
        abstract Serializer<?> serializer();

        abstract Object record() throws Exception;

        /** What Confluent's serializers are documented to write. */
        byte[] prefixed(int id, byte[] payload) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            written.write(0);
            written.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
            written.writeBytes(indexes);
            written.writeBytes(payload);
            return written.toByteArray();
        }

        /** A topic that is made for it, and whose schema is registered, as a pipeline would. */
        String topic(String kind) {
            String topic = kind + "-" + name().toLowerCase(Locale.ROOT);
            kafka.createTopic(topic, 1);
            return topic;
        }

        private static String hex(String text) {
            return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Finds the schema by the topic alone: to compare it with that of a message, the serializer would need the Protobuf of its own time.
     */
    private static final class ByTopic<S, D> extends DefaultSchemaResolver<S, D> {
        @Override
        public SchemaLookupResult<S> resolveSchema(Record<D> written) {
            String topic = ((KafkaSerdeMetadata) written.metadata()).getTopic();
            return resolveSchemaByArtifactReference(
                    ArtifactReference.builder().artifactId(topic + "-value").build());
        }
    }

    private static Descriptor order() throws DescriptorValidationException {
        FieldDescriptorProto.Builder sku = FieldDescriptorProto.newBuilder()
                .setName("sku")
                .setNumber(1)
                .setType(Type.TYPE_STRING)
                .setLabel(Label.LABEL_OPTIONAL);
        FieldDescriptorProto.Builder lines = FieldDescriptorProto.newBuilder()
                .setName("lines")
                .setNumber(1)
                .setType(Type.TYPE_MESSAGE)
                .setTypeName(".Line")
                .setLabel(Label.LABEL_REPEATED);
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("order.proto")
                .setSyntax("proto3")
                .addMessageType(DescriptorProto.newBuilder().setName("Line").addField(sku))
                .addMessageType(DescriptorProto.newBuilder().setName("Order").addField(lines))
                .build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Order");
    }

    @BeforeAll
    static void start() {
        mesh = RegistryMesh.start(RULES);
        kafka = mesh.kafka();
        registry = mesh.registry();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", mesh.weir().bootstrap(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        mesh.close();
    }

    private static void assertTaken(ProducerRecord<byte[], byte[]> record) throws Exception {
        assertThat(producer.send(record).get().offset()).isZero();
    }

    private static void assertRefused(ProducerRecord<byte[], byte[]> record, String why) {
        assertThatThrownBy(() -> producer.send(record).get())
                .cause()
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(why);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, byte[] value, RecordHeaders headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, value);
        headers.forEach(record.headers()::add);
        return record;
    }

    /** What Apicurio's serializer of a format writes. */
    @SuppressWarnings("unchecked")
    private static byte[] written(Format format, String topic, RecordHeaders headers, boolean inHeaders)
            throws Exception {
        try (Serializer<Object> serializer = (Serializer<Object>) format.serializer()) {
            serializer.configure(
                    Map.of(
                            SerdeConfig.REGISTRY_URL,
                            registry.ownUrl().toString(),
                            SerdeConfig.FIND_LATEST_ARTIFACT,
                            true,
                            SerdeConfig.VALIDATION_ENABLED,
                            format != Format.PROTOBUF, // as ByTopic
                            SerdeConfig.ENABLE_HEADERS,
                            inHeaders),
                    false);
            return inHeaders
                    ? serializer.serialize(topic, headers, format.record())
                    : serializer.serialize(topic, format.record());
        }
    }

    private static void register(Format format, String topic) {
        registry.register(format.name(), topic + "-value", format.schema, List.of());
    }

    @ParameterizedTest
    @EnumSource
    void whatConfluentsSerializersAreDocumentedToWriteIsRead(Format format) throws Exception {
        String topic = format.topic("prefix");
        int id = registry.register(format.name(), topic + "-value", format.schema, List.of());
        assertTaken(new ProducerRecord<>(topic, format.prefixed(id, format.good)));
        assertRefused(new ProducerRecord<>(topic, format.prefixed(id, format.broken)), format.wrong);
    }

    /** Confluent's for Python and JavaScript do, when they register a schema by themselves; Apicurio gives it back as it is. */
    @Test
    void aDescriptorThatASerializerRegisteredIsAsGoodAsItsText() throws Exception {
        String topic = "prefix-descriptor";
        kafka.createTopic(topic, 1);
        String descriptor =
                Base64.getEncoder().encodeToString(order().getFile().toProto().toByteArray());
        int id = registry.register("PROTOBUF", topic + "-value", descriptor, List.of());
        Format format = Format.PROTOBUF;
        assertTaken(new ProducerRecord<>(topic, format.prefixed(id, format.good)));
        assertRefused(new ProducerRecord<>(topic, format.prefixed(id, format.broken)), format.wrong);
    }

    @ParameterizedTest
    @EnumSource
    void whatApicuriosSerializersWriteInFrontIsRead(Format format) throws Exception {
        String topic = format.topic("front");
        register(format, topic);
        byte[] written = written(format, topic, new RecordHeaders(), false);
        assertThat(written).startsWith(0, 0, 0, 0, 0).endsWith(format.good);
        assertTaken(new ProducerRecord<>(topic, written));
        assertRefused(new ProducerRecord<>(topic, broken(format, written)), format.wrong);
    }

    @ParameterizedTest
    @EnumSource
    void whatApicuriosSerializersSayInHeadersIsRead(Format format) throws Exception {
        String topic = format.topic("header");
        register(format, topic);
        RecordHeaders headers = new RecordHeaders();
        byte[] written = written(format, topic, headers, true);
        assertThat(written).isEqualTo(format.good);
        assertTaken(record(topic, written, headers));
        assertRefused(record(topic, format.broken, headers), format.wrong);
    }

    /** What was written, with another payload. */
    private static byte[] broken(Format format, byte[] written) {
        byte[] front = Arrays.copyOf(written, written.length - format.good.length);
        byte[] broken = Arrays.copyOf(front, front.length + format.broken.length);
        System.arraycopy(format.broken, 0, broken, front.length, format.broken.length);
        return broken;
    }
}
