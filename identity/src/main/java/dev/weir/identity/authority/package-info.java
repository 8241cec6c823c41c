/**
 * A small certificate authority in a folder, for demos and installations on a few machines. It keeps no register and
 * revokes nothing: certificates live shortly instead. Where there is Vault, or another authority, use that.
 */
@NullMarked
package dev.weir.identity.authority;

import org.jspecify.annotations.NullMarked;
