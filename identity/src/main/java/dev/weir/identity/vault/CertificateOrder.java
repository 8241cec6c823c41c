package dev.weir.identity.vault;

import dev.weir.identity.certificate.CertificateRequest;

/**
 * A certificate that Vault is to sign, again and again.
 *
 * @param name how references call it
 * @param role whose signature is asked for, such as {@code pki/weir-listener}: the mount, and the role in it
 */
public record CertificateOrder(String name, String role, CertificateRequest request) {}
