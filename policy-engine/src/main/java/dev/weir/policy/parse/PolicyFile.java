package dev.weir.policy.parse;

/** One file as a source holds it. Its bytes are not copied: nobody changes them once the file is made. */
public final class PolicyFile {
    private final String path;
    private final byte[] content;

    /**
     * @param path below the policy folder, with {@code /} between its parts
     */
    public PolicyFile(String path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    public String path() {
        return path;
    }

    public byte[] content() {
        return content;
    }
}
