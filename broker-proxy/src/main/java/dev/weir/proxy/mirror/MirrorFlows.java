package dev.weir.proxy.mirror;

import java.util.List;

/**
 * What all mirrors of a proxy did.
 *
 * @param told by topic
 * @param untoldClusters where copies go to from topics that are too many to be told apart, by name
 */
public record MirrorFlows(List<MirrorFlow> told, List<String> untoldClusters) {
    public static final MirrorFlows NONE = new MirrorFlows(List.of(), List.of());

    public MirrorFlows {
        told = List.copyOf(told);
        untoldClusters = List.copyOf(untoldClusters);
    }
}
