package dev.weir.policy.source.git;

import java.nio.file.Path;

/** How to prove to a Git server who asks. Files are read at each attempt, so that they can be renewed in place. */
public sealed interface GitCredentials {

    /** The server lets anybody read. */
    record None() implements GitCredentials {}

    /** A user name and a password or access token, over https. */
    record Password(String user, Path passwordFile) implements GitCredentials {}

    /** A private key, over ssh; the server must be one of the known hosts (OpenSSH's format). */
    record SshKey(Path privateKey, Path knownHosts) implements GitCredentials {}
}
