package dev.weir.identity.vault;

import java.nio.file.Path;

/** How to prove to Vault who asks. Files are read at each log-in, so that they can be renewed in place. */
public sealed interface VaultLogIn {

    /** For people: {@code appRole}, never a secret. */
    String title();

    /**
     * A token that somebody else made.
     *
     * @param file holds it
     */
    record TokenFile(Path file) implements VaultLogIn {
        @Override
        public String title() {
            return "token";
        }
    }

    /** A token from an environment variable. */
    record Token(String value) implements VaultLogIn {
        @Override
        public String title() {
            return "token";
        }

        @Override
        public String toString() {
            return "Token";
        }
    }

    /**
     * AppRole.
     *
     * @param mount where the method is mounted: {@code approle}
     * @param secretIdFile holds the secret id
     */
    record AppRole(String mount, String roleId, Path secretIdFile) implements VaultLogIn {
        public static final String MOUNT = "approle";

        @Override
        public String title() {
            return "appRole";
        }
    }

    /**
     * A Kubernetes service account.
     *
     * @param mount where the method is mounted: {@code kubernetes}
     * @param tokenFile the account's token, which Kubernetes renews
     */
    record Kubernetes(String mount, String role, Path tokenFile) implements VaultLogIn {
        public static final String MOUNT = "kubernetes";
        public static final Path TOKEN_FILE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

        @Override
        public String title() {
            return "kubernetes";
        }
    }
}
