package dev.weir.schema.avro;

import dev.weir.schema.bytes.Mismatch;

/** A record: its fields one after the other. Filled after it was made, because it may hold itself. */
final class RecordNode extends Node {
    private String[] names = {};
    private Node[] fields = {};
    private int minBytes;

    RecordNode(String fullName) {
        super("a record " + fullName);
    }

    void fill(String[] fieldNames, Node[] fieldNodes) {
        names = fieldNames;
        fields = fieldNodes;
        long sum = 0;
        for (Node field : fieldNodes) {
            sum += field.minBytes();
        }
        minBytes = (int) Math.min(sum, 1 << 30);
    }

    @Override
    int minBytes() {
        return minBytes;
    }

    @Override
    void skip(Cursor in) {
        in.enter();
        int index = 0;
        try {
            for (; index < fields.length; index++) {
                fields[index].skip(in);
            }
        } catch (Mismatch e) {
            throw e.inField(names[index]);
        }
        in.leave();
    }
}
