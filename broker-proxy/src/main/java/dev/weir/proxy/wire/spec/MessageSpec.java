package dev.weir.proxy.wire.spec;

/** The body of one kind of request or response. */
public record MessageSpec(
        short apiKey,
        Direction direction,
        String name,
        VersionRange validVersions,
        VersionRange flexibleVersions,
        StructSpec body) {

    public boolean isFlexible(int version) {
        return flexibleVersions.contains(version);
    }
}
