package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;

/** What a users file holds of one user for one mechanism. As long as its line stays the same, so does the object. */
sealed interface UserSecret permits Credential, ScramUser {
    Mechanism mechanism();

    /** The line's part after the name. */
    String encoded();

    /** Ends when the line goes, or becomes another. */
    Revocable validity();
}
