/** {@code weir user}: the file of users and hashed passwords that SASL/PLAIN listeners read. */
@NullMarked
package dev.weir.cli.user;

import org.jspecify.annotations.NullMarked;
