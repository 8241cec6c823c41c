/**
 * Where secrets and certificates come from: a small authority of Weir's own, or HashiCorp Vault. Whatever comes from there
 * ends as a file that the rest of Weir reads; nothing here knows of proxies.
 */
@NullMarked
package dev.weir.identity;

import org.jspecify.annotations.NullMarked;
