package dev.weir.identity.certificate;

import dev.weir.identity.IdentityException;
import java.security.KeyPair;

/** Who signs: the built-in authority, or Vault. */
public interface Issuer {

    /**
     * A certificate for these keys.
     *
     * @throws IdentityException saying why there is none
     */
    IssuedCertificate issue(CertificateRequest request, KeyPair keys) throws IdentityException;

    /** A certificate for new keys. */
    default IssuedCertificate issue(CertificateRequest request, KeyType type) throws IdentityException {
        return issue(request, type.generate());
    }
}
