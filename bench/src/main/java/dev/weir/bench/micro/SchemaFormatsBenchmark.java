package dev.weir.bench.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedOutputStream;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Violation;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaSet;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.HeaderLookup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One record of about 200 bytes in JSON and in Protobuf, read to its end by its schema; beside it Jackson, which builds the tree
 * and checks nothing. And what it costs to read an id in front.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SchemaFormatsBenchmark {
    private static final String JSON_SCHEMA = """
            {"type": "object", "additionalProperties": false, "required": ["id", "customer", "items"],
             "properties": {
               "id": {"type": "string", "minLength": 36, "maxLength": 36},
               "customer": {"type": "string"},
               "paid": {"type": "boolean"},
               "total": {"type": "number", "minimum": 0},
               "state": {"enum": ["NEW", "PAID", "SENT"]},
               "items": {"type": "array", "items": {"type": "object", "required": ["sku", "count"],
                 "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1}}}}}}
            """;
    private static final String JSON = """
            {"id":"0d5ab6de-8f5e-4b0a-9a43-2f4d6c1b7e90","customer":"customer-1048576","paid":true,"total":129.9,"state":"PAID",\
            "items":[{"sku":"sku-0000","count":1},{"sku":"sku-0001","count":2}]}""";
    private static final String PROTOBUF_SCHEMA = """
            syntax = "proto3";
            message Order {
              string id = 1;
              string customer = 2;
              int64 placed_millis = 3;
              bool paid = 4;
              double total = 5;
              string note = 6;
              State state = 7;
              repeated Item items = 8;
              map<string, string> labels = 9;
              enum State { NEW = 0; PAID = 1; SENT = 2; }
            }
            message Item { string sku = 1; int32 count = 2; double price = 3; }
            """;

    private final ObjectMapper jackson = new ObjectMapper();
    private final byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
    private final byte[] framed = {0, 0, 0, 0, 7, 1};
    private final PayloadValidator jsonValidator = validator("order.json", JSON_SCHEMA, "");
    private final PayloadValidator protobufValidator = validator("order.proto", PROTOBUF_SCHEMA, "Order");
    private byte[] protobuf = {};

    private static PayloadValidator validator(String file, String schema, String message) {
        try {
            Reading plain = Reading.of(Framing.NONE);
            return SchemaSet.of(Map.of(file, schema))
                    .validator(file, new Reading(plain.framing(), message, true, plain.limits()))
                    .orElseThrow();
        } catch (SchemaFileException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void write() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeString(1, "0d5ab6de-8f5e-4b0a-9a43-2f4d6c1b7e90");
        out.writeString(2, "customer-1048576");
        out.writeInt64(3, 1_795_910_400_000L);
        out.writeBool(4, true);
        out.writeDouble(5, 129.9);
        out.writeString(6, "leave it with the neighbours");
        out.writeEnum(7, 1);
        for (int i = 0; i < 3; i++) {
            out.writeByteArray(8, item(i));
        }
        out.writeByteArray(9, label("channel", "web"));
        out.flush();
        protobuf = bytes.toByteArray();
        check(protobuf.length, readProtobuf());
        check(json.length, readJson());
    }

    private static byte[] item(int number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeString(1, "sku-000" + number);
        out.writeInt32(2, number + 1);
        out.writeDouble(3, 43.3);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] label(String key, String value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeString(1, key);
        out.writeString(2, value);
        out.flush();
        return bytes.toByteArray();
    }

    private static void check(int lengthBytes, @Nullable Violation violation) {
        if (lengthBytes < 180 || lengthBytes > 220 || violation != null) {
            throw new IllegalStateException(lengthBytes + " bytes: " + violation);
        }
    }

    @Benchmark
    public @Nullable Violation readJson() {
        return jsonValidator.check(json, 0, json.length);
    }

    @Benchmark
    public Object jacksonTree() throws IOException {
        return jackson.readTree(json);
    }

    @Benchmark
    public @Nullable Violation readProtobuf() {
        return protobufValidator.check(protobuf, 0, protobuf.length);
    }

    @Benchmark
    public Framed readId() {
        return Framing.CONFLUENT_PREFIX.read(false, framed, 0, framed.length, HeaderLookup.NONE);
    }
}
