package dev.weir.policy.compile;

import dev.weir.policy.compile.NameIndex.Allows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compressed trie of prefixes, packed into one array: a step down costs a cache line or two, where nodes that are objects
 * cost five. Immutable once made; a walk allocates nothing.
 *
 * <p>A node is, in this order: the length of its label; the label; the number of its rules as two chars, 0 for none;
 * how many children it has; the first characters of their labels, sorted; their places, as two chars each.
 */
final class PrefixTrie {
    /** No prefixes. */
    static final PrefixTrie EMPTY = new PrefixTrie(new PrefixNode(""));

    private char[] cells = new char[64];
    private int used;
    private final RulesAt[] rules;

    PrefixTrie(PrefixNode root) {
        List<RulesAt> collected = new ArrayList<>();
        pack(root, collected);
        cells = Arrays.copyOf(cells, used);
        rules = collected.toArray(RulesAt[]::new);
    }

    /** Writes a node and, behind it, all that is below; the depth is bounded by the length of a name. */
    private int pack(PrefixNode node, List<RulesAt> collected) {
        int place = used;
        String label = node.label();
        Map<Character, PrefixNode> children = node.children();
        used += label.length() + 4 + 3 * children.size();
        if (used > cells.length) {
            cells = Arrays.copyOf(cells, Math.max(used, cells.length * 2));
        }
        cells[place] = (char) label.length();
        label.getChars(0, label.length(), cells, place + 1);
        int head = place + 1 + label.length();
        if (node.rules() != null) {
            collected.add(node.rules());
            putInt(head, collected.size());
        }
        cells[head + 2] = (char) children.size();
        int child = 0;
        for (Map.Entry<Character, PrefixNode> entry : children.entrySet()) {
            cells[head + 3 + child] = entry.getKey();
            putInt(head + 3 + children.size() + 2 * child, pack(entry.getValue(), collected));
            child++;
        }
        return place;
    }

    private void putInt(int at, int value) {
        cells[at] = (char) (value >>> 16);
        cells[at + 1] = (char) value;
    }

    private int getInt(int at) {
        return cells[at] << 16 | cells[at + 1];
    }

    /** The deny with the longest prefix of the name, else the allow with the longest prefix, else nothing. */
    @Nullable
    CompiledRule find(String name, Caller caller, Allows allows) {
        CompiledRule deny = null;
        CompiledRule allow = null;
        int from = 0;
        int node = 0;
        while (node >= 0 && startsWith(node, name, from)) {
            from += cells[node];
            int head = node + 1 + cells[node];
            int number = getInt(head);
            if (number > 0) {
                RulesAt here = rules[number - 1];
                CompiledRule denyHere = here.deny(caller);
                deny = denyHere != null ? denyHere : deny;
                CompiledRule allowHere = allows.prefixes() ? here.allow(caller) : null;
                allow = allowHere != null ? allowHere : allow;
            }
            node = from < name.length() ? child(head, name.charAt(from)) : -1;
        }
        return deny != null ? deny : allow;
    }

    private boolean startsWith(int node, String name, int from) {
        int length = cells[node];
        if (length > name.length() - from) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (cells[node + 1 + i] != name.charAt(from + i)) {
                return false;
            }
        }
        return true;
    }

    private int child(int head, char first) {
        int count = cells[head + 2];
        int at = Arrays.binarySearch(cells, head + 3, head + 3 + count, first);
        return at < 0 ? -1 : getInt(head + 3 + count + 2 * (at - head - 3));
    }
}
