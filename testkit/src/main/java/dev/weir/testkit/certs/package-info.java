/** A small certificate authority for tests: server and client certificates, good and bad ones, as PEM and PKCS#12 files. */
@NullMarked
package dev.weir.testkit.certs;

import org.jspecify.annotations.NullMarked;
