package dev.weir.policy.decide;

/**
 * Where a decision comes from.
 *
 * @param id the rule's id as {@code document/rule}, or a built-in one such as {@code default-deny}
 * @param file path of the policy file below the policy folder, or empty for a built-in rule
 * @param line line in that file, from 1; 0 for a built-in rule
 * @param revision the policy revision: a Git commit, or the hash of a folder's contents
 */
public record RuleRef(String id, String file, int line, String revision) {
    @Override
    public String toString() {
        return file.isEmpty() ? id : id + " (" + file + ":" + line + ")";
    }
}
