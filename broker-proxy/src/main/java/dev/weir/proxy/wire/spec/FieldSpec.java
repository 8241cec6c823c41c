package dev.weir.proxy.wire.spec;

/**
 * One field of a struct.
 *
 * @param versions the versions that have the field
 * @param nullableVersions the versions in which it may be null
 * @param taggedVersions the versions in which it stands in the tagged section instead of its place (KIP-482)
 * @param tag its number there, -1 when it is never tagged
 * @param flexibleVersions the versions in which it is encoded compactly: those of the message, unless the field has its
 *     own
 * @param entityType what Kafka says it names ({@code topicName}, {@code groupId}, ...), empty when it says nothing
 */
public record FieldSpec(
        String name,
        FieldType type,
        VersionRange versions,
        VersionRange nullableVersions,
        VersionRange taggedVersions,
        int tag,
        VersionRange flexibleVersions,
        String entityType) {

    /** Whether the field stands in its place among the others. */
    public boolean isInline(int version) {
        return versions.contains(version) && !taggedVersions.contains(version);
    }

    public boolean isTagged(int version) {
        return versions.contains(version) && taggedVersions.contains(version);
    }

    public boolean isArray() {
        return type instanceof FieldType.Array;
    }
}
