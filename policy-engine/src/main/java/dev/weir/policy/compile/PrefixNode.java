package dev.weir.policy.compile;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a compressed trie (PATRICIA) while it is built: all prefixes below it share its label. One thread; {@link
 * PrefixTrie} is what is asked.
 */
final class PrefixNode {
    private String label;
    private @Nullable RulesAt rules;
    // INVARIANT: a child stands under the first character of its label
    private Map<Character, PrefixNode> children = new TreeMap<>();

    PrefixNode(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** The rules whose prefix ends here, if there are any. */
    @Nullable
    RulesAt rules() {
        return rules;
    }

    Map<Character, PrefixNode> children() {
        return children;
    }

    /** The rules of a prefix, made if need be. Called on the root. */
    RulesAt rulesAt(String prefix) {
        PrefixNode node = this;
        int from = 0;
        while (from < prefix.length()) {
            String rest = prefix.substring(from);
            PrefixNode child = node.children.computeIfAbsent(rest.charAt(0), first -> new PrefixNode(rest));
            int shared = sharedLength(child.label, rest);
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

    /** Cuts the label in two: this node keeps the first part, and a new child takes over all that stood here. */
    private void split(int length) {
        PrefixNode rest = new PrefixNode(label.substring(length));
        rest.rules = rules;
        rest.children = children;
        label = label.substring(0, length);
        rules = null;
        children = new TreeMap<>();
        children.put(rest.label.charAt(0), rest);
    }

    private static int sharedLength(String left, String right) {
        int max = Math.min(left.length(), right.length());
        int shared = 0;
        while (shared < max && left.charAt(shared) == right.charAt(shared)) {
            shared++;
        }
        return shared;
    }
}
