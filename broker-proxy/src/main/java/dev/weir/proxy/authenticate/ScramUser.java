package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;

/** One user's SCRAM keys. Any thread. */
record ScramUser(ScramKeys keys, Revocable validity) implements UserSecret {
    ScramUser(ScramKeys keys) {
        this(keys, new Revocable());
    }

    @Override
    public Mechanism mechanism() {
        return keys.mechanism();
    }

    @Override
    public String encoded() {
        return keys.encoded();
    }
}
