package dev.weir.policy.compile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node of a compressed trie (PATRICIA): all names below it share its label. Filled by one thread, then only read;
 * a walk allocates nothing.
 */
final class PrefixNode {
    private static final char[] NO_CHARS = {};
    private static final PrefixNode[] NO_NODES = {};

    private String label;
    private @Nullable RulesAt rules;
    // INVARIANT: firsts is sorted, and firsts[i] is the first character of children[i].label
    private char[] firsts = NO_CHARS;
    private PrefixNode[] children = NO_NODES;

    PrefixNode(String label) {
        this.label = label;
    }

    /** The rules whose prefix ends here, if there are any. */
    @Nullable
    RulesAt rules() {
        return rules;
    }

    int labelLength() {
        return label.length();
    }

    /** The child on the way to {@code name}, if one is wholly a part of it. */
    @Nullable
    PrefixNode next(String name, int from) {
        if (from >= name.length()) {
            return null;
        }
        int at = Arrays.binarySearch(firsts, name.charAt(from));
        if (at < 0) {
            return null;
        }
        PrefixNode child = children[at];
        return name.startsWith(child.label, from) ? child : null;
    }

    /** The rules of a prefix below this node, made if need be. Called on the root. */
    RulesAt rulesAt(String prefix) {
        PrefixNode node = this;
        int from = 0;
        while (from < prefix.length()) {
            int at = Arrays.binarySearch(node.firsts, prefix.charAt(from));
            PrefixNode child =
                    at >= 0 ? node.children[at] : node.insert(-at - 1, new PrefixNode(prefix.substring(from)));
            int shared = sharedLength(child.label, prefix, from);
            if (shared < child.label.length()) {
                child.split(shared);
            }
            node = child;
            from += shared;
        }
        if (node.rules == null) {
            node.rules = new RulesAt();
        }
        return node.rules;
    }

    private PrefixNode insert(int at, PrefixNode child) {
        char[] moreFirsts = new char[firsts.length + 1];
        PrefixNode[] moreChildren = new PrefixNode[firsts.length + 1];
        System.arraycopy(firsts, 0, moreFirsts, 0, at);
        System.arraycopy(children, 0, moreChildren, 0, at);
        System.arraycopy(firsts, at, moreFirsts, at + 1, firsts.length - at);
        System.arraycopy(children, at, moreChildren, at + 1, firsts.length - at);
        moreFirsts[at] = child.label.charAt(0);
        moreChildren[at] = child;
        firsts = moreFirsts;
        children = moreChildren;
        return child;
    }

    /** Cuts the label in two: this node keeps the first part, and a new child takes over all that stood here. */
    private void split(int length) {
        PrefixNode rest = new PrefixNode(label.substring(length));
        rest.rules = rules;
        rest.firsts = firsts;
        rest.children = children;
        label = label.substring(0, length);
        rules = null;
        firsts = new char[] {rest.label.charAt(0)};
        children = new PrefixNode[] {rest};
    }

    private static int sharedLength(String label, String prefix, int from) {
        int max = Math.min(label.length(), prefix.length() - from);
        int shared = 0;
        while (shared < max && label.charAt(shared) == prefix.charAt(from + shared)) {
            shared++;
        }
        return shared;
    }
}
