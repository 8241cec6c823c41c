package dev.weir.cli.identity;

import dev.weir.identity.certificate.KeyType;

/** Keys, as the command line spells them. */
enum KeyChoice {
    EC(KeyType.EC_P256),
    RSA(KeyType.RSA_3072);

    private final KeyType type;

    KeyChoice(KeyType type) {
        this.type = type;
    }

    KeyType type() {
        return type;
    }
}
