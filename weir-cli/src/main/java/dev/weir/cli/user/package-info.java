/** {@code weir user}: the file of users and hashed passwords, and SCRAM keys, that listeners read. */
@NullMarked
package dev.weir.cli.user;

import org.jspecify.annotations.NullMarked;
