package dev.weir.bench.micro;

import dev.weir.schema.Limits;
import dev.weir.schema.Violation;
import dev.weir.schema.avro.AvroValidator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One Avro record of about 200 bytes, read to its end: an order with three items, a map and a union. Beside it, Avro's own
 * reader, which builds the record. Goal: 1,000,000 a second on a core.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SchemaBenchmark {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
                    {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                      {"name": "id", "type": "string"},
                      {"name": "customer", "type": "string"},
                      {"name": "placedMillis", "type": "long"},
                      {"name": "paid", "type": "boolean"},
                      {"name": "total", "type": "double"},
                      {"name": "note", "type": ["null", "string"]},
                      {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID", "SENT"]}},
                      {"name": "items", "type": {"type": "array", "items":
                        {"type": "record", "name": "Item", "fields": [
                          {"name": "sku", "type": "string"},
                          {"name": "count", "type": "int"},
                          {"name": "price", "type": "double"}]}}},
                      {"name": "labels", "type": {"type": "map", "values": "string"}}]}
                    """);

    private final AvroValidator validator = new AvroValidator(SCHEMA, Limits.DEFAULT);
    private final GenericDatumReader<Object> reader = new GenericDatumReader<>(SCHEMA);
    private byte[] order = {};
    private @Nullable BinaryDecoder decoder;

    @Setup
    public void write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(SCHEMA).write(order(), encoder);
        encoder.flush();
        order = out.toByteArray();
        if (order.length < 190 || order.length > 210 || schemaGuard() != null) {
            throw new IllegalStateException(order.length + " bytes: " + schemaGuard());
        }
    }

    private static GenericData.Record order() {
        GenericData.Record order = new GenericData.Record(SCHEMA);
        order.put("id", "0d5ab6de-8f5e-4b0a-9a43-2f4d6c1b7e90");
        order.put("customer", "customer-1048576");
        order.put("placedMillis", 1_795_910_400_000L);
        order.put("paid", true);
        order.put("total", 129.9);
        order.put("note", "leave it with the neighbours, please");
        order.put("state", new GenericData.EnumSymbol(SCHEMA.getField("state").schema(), "PAID"));
        Schema item = SCHEMA.getField("items").schema().getElementType();
        List<GenericData.Record> items = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            GenericData.Record line = new GenericData.Record(item);
            line.put("sku", "sku-000" + i);
            line.put("count", i + 1);
            line.put("price", 43.3);
            items.add(line);
        }
        order.put("items", items);
        order.put("labels", Map.of("channel", "web", "campaign", "november"));
        return order;
    }

    @Benchmark
    public @Nullable Violation schemaGuard() {
        return validator.check(order, 0, order.length);
    }

    @Benchmark
    public Object avroReader() throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(order, decoder);
        return reader.read(null, decoder);
    }
}
