package dev.weir.schema.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.framing.Framing;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * INVARIANT: a good record is read without an object for each of its fields; what reading it allocates does not depend on how many it has. Not
 * so for what is no reading: the regular expressions of a JSON Schema, and its arithmetic on fractions.
 */
class ReadingAllocationTest {
    private static final int RECORDS = 1_000;
    /** Times the fields of a line; one object for each of them would be at least 16 bytes. */
    private static final int LINES = 100;
    /** Of a record: what walks over it. */
    private static final int BYTES_MAX = 256;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Orders of lines, each with a text, a number, a choice and a map. */
    enum Format {
        AVRO("order.avsc", """
                {"type": "record", "name": "Order", "fields": [{"name": "lines", "type": {"type": "array", "items":
                  {"type": "record", "name": "Line", "fields": [
                    {"name": "sku", "type": "string"},
                    {"name": "count", "type": ["null", "long"]},
                    {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "DONE"]}},
                    {"name": "labels", "type": {"type": "map", "values": "double"}}]}}}]}
                """) {
            @Override
            byte[] record(int lines) {
                // ab; branch 1, 3; DONE; a block of one, x, 0.0; no more blocks
                byte[] line = HexFormat.of().parseHex("046162" + "0206" + "02" + "020278" + "0000000000000000" + "00");
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                for (int i = 0; i < lines; i++) {
                    written.write(2); // a block of one
                    written.writeBytes(line);
                }
                written.write(0);
                return written.toByteArray();
            }
        },
        JSON("order.json", """
                {"type": "object", "required": ["lines"], "additionalProperties": false, "properties": {
                  "lines": {"type": "array", "items": {"type": "object", "required": ["sku"], "properties": {
                    "sku": {"type": "string", "minLength": 1},
                    "count": {"type": ["integer", "null"], "minimum": 1},
                    "state": {"enum": ["NEW", "DONE"]},
                    "labels": {"type": "object", "additionalProperties": {"type": "number"}}}}}}}
                """) {
            @Override
            byte[] record(int lines) {
                String line = "{\"sku\": \"ab\", \"count\": 3, \"state\": \"DONE\", \"labels\": {\"x\": 1.5}}";
                return ("{\"lines\": [" + String.join(", ", Collections.nCopies(lines, line)) + "]}")
                        .getBytes(StandardCharsets.UTF_8);
            }
        },
        PROTOBUF("order.proto", """
                syntax = "proto3";
                enum State { NEW = 0; DONE = 1; }
                message Line { string sku = 1; oneof c { int64 count = 2; } State state = 3; map<string, double> labels = 4; }
                message Order { repeated Line lines = 1; }
                """) {
            @Override
            byte[] record(int lines) {
                String line = "0a026162" + "1003" + "1801" + "220c" + "0a0178" + "11" + "0000000000000000";
                byte[] field = HexFormat.of().parseHex("0a" + "16" + line);
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                for (int i = 0; i < lines; i++) {
                    written.writeBytes(field);
                }
                return written.toByteArray();
            }
        };

        private final String file;
        private final String schema;

        Format(String file, String schema) {
            this.file = file;
            this.schema = schema;
        }

        abstract byte[] record(int lines);

        PayloadValidator validator() throws SchemaFileException {
            Reading reading = new Reading(
                    Framing.NONE,
                    this == PROTOBUF ? "Order" : "",
                    true,
                    Reading.of(Framing.NONE).limits());
            return SchemaSet.of(Map.of(file, schema)).validator(file, reading).orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsWithoutAnObjectForEachField(Format format) throws SchemaFileException {
        PayloadValidator validator = format.validator();
        byte[] small = format.record(1);
        byte[] large = format.record(LINES);
        read(validator, large);
        read(validator, small);
        long ofSmall = allocated(validator, small);
        long ofLarge = allocated(validator, large);
        assertThat(ofLarge / RECORDS).isLessThan(BYTES_MAX);
        assertThat((ofLarge - ofSmall) / RECORDS).as("what 99 lines more cost").isLessThan(LINES / 2);
    }

    private long allocated(PayloadValidator validator, byte[] record) {
        long before = threads.getCurrentThreadAllocatedBytes();
        read(validator, record);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void read(PayloadValidator validator, byte[] record) {
        for (int i = 0; i < RECORDS; i++) {
            if (validator.check(record, 0, record.length) != null) {
                throw new AssertionError(
                        validator.check(record, 0, record.length).text());
            }
        }
    }
}
