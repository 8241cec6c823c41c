package dev.weir.schema.avro;

import dev.weir.mesh.log.Counted;
import dev.weir.schema.bytes.Mismatch;

/** An array or a map: blocks of items, the last one empty; a negative count is followed by the block's size in bytes. */
final class BlocksNode extends Node {
    private final Node item;
    private final boolean keyed;

    private BlocksNode(String what, Node item, boolean keyed) {
        super(what);
        this.item = item;
        this.keyed = keyed;
    }

    static Node array(Node item) {
        return new BlocksNode("a block of an array", item, false);
    }

    static Node map(Node value) {
        return new BlocksNode("a block of a map", value, true);
    }

    @Override
    int minBytes() {
        return 1;
    }

    @Override
    void skip(Cursor in) {
        in.enter();
        long done = 0;
        for (long count = in.readLong(what()); count != 0; count = in.readLong(what())) {
            int blockEnd = -1;
            if (count < 0) {
                count = -count;
                blockEnd = blockEnd(in, count);
            }
            int itemMinBytes = item.minBytes() + (keyed ? 1 : 0);
            in.items(count, itemMinBytes, what());
            // items without bytes are all alike: a record of a few bytes must not cost a million steps
            skipItems(in, done, itemMinBytes == 0 ? 1 : count);
            done += count;
            if (blockEnd >= 0 && in.offsetBytes() != blockEnd) {
                throw in.mismatch(
                        "a block that ends at byte " + in.offsetBytes(),
                        "its end at byte " + blockEnd + ", as it says");
            }
        }
        in.leave();
    }

    private int blockEnd(Cursor in, long count) {
        long sizeBytes = in.readLong(what());
        if (count < 0 || sizeBytes < 0 || sizeBytes > in.remainingBytes()) {
            throw in.mismatch(
                    "a block of " + Counted.of(sizeBytes, "byte") + " with " + in.remainingBytes() + " left", what());
        }
        return in.offsetBytes() + (int) sizeBytes;
    }

    private void skipItems(Cursor in, long done, long count) {
        long index = 0;
        try {
            for (; index < count; index++) {
                if (keyed) {
                    Leaf.STRING.skip(in);
                }
                item.skip(in);
            }
        } catch (Mismatch e) {
            throw e.inItem(done + index);
        }
    }
}
