package dev.weir.topology.mirror;

import dev.weir.mesh.report.v1.ProxyReport;

/** Records of a mirror by what became of them, and the bytes of those that were mirrored. */
public record MirrorCounts(long mirrored, long bytes, long dropped, long failed) {
    static final MirrorCounts NONE = new MirrorCounts(0, 0, 0, 0);

    static MirrorCounts of(ProxyReport.Mirror mirror) {
        return new MirrorCounts(
                mirror.getMirroredRecords(),
                mirror.getMirroredBytes(),
                mirror.getDroppedRecords(),
                mirror.getFailedRecords());
    }

    MirrorCounts plus(MirrorCounts other) {
        return new MirrorCounts(
                mirrored + other.mirrored, bytes + other.bytes, dropped + other.dropped, failed + other.failed);
    }

    MirrorCounts minus(MirrorCounts other) {
        return new MirrorCounts(
                mirrored - other.mirrored, bytes - other.bytes, dropped - other.dropped, failed - other.failed);
    }

    /** What fell into the first part of a time; all of it for 1. */
    MirrorCounts part(double share) {
        return new MirrorCounts(
                (long) (mirrored * share), (long) (bytes * share), (long) (dropped * share), (long) (failed * share));
    }

    boolean isNone() {
        return equals(NONE);
    }
}
