package dev.weir.schema.avro;

/** A union: the number of a branch, and a value of it. */
final class UnionNode extends Node {
    private final Node[] branches;

    UnionNode(String what, Node[] branches) {
        super(what);
        this.branches = branches;
    }

    @Override
    int minBytes() {
        return 1;
    }

    @Override
    void skip(Cursor in) {
        int branch = in.readInt(what());
        if (branch < 0 || branch >= branches.length) {
            throw in.mismatch("branch " + branch, what());
        }
        branches[branch].skip(in);
    }
}
