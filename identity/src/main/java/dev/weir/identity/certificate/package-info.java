/** Keys and certificates (RFC 5280): asked for, issued, and written as PEM. Who issues is an {@code Issuer}. */
@NullMarked
package dev.weir.identity.certificate;

import org.jspecify.annotations.NullMarked;
