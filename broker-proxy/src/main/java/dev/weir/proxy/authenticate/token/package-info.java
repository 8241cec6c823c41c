/**
 * SASL/OAUTHBEARER (RFC 7628): tokens that an identity provider signed, and the keys to check them with.
 *
 * <pre>
 * BearerExchange -> BearerMessage (what the client said)
 *                -> TokenVerifier -> IssuerKeys (cached, fetched by IssuerClient) -> jose4j
 *                -> Claims (what policy sees)
 * </pre>
 */
@NullMarked
package dev.weir.proxy.authenticate.token;

import org.jspecify.annotations.NullMarked;
