package dev.weir.topology.slo;

/** Is told how long it took to commit records. */
public interface CommitAccounts {
    /** In place of the time of a commit: retention deleted the records first. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Records that a group committed, or never will.
     *
     * @param end the offset after the last of them; it only goes up for each group
     * @param fromMillis when the first of them was appended
     * @param toMillis when the last was
     */
    void committed(String group, long end, long records, long fromMillis, long toMillis, long committedMillis);
}
