package dev.weir.identity.certificate;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The names of a request, as a certificate writes them. */
public final class SubjectNames {
    private SubjectNames() {}

    public static X500Name subject(String commonName) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        return commonName.isEmpty()
                ? builder.build()
                : builder.addRDN(BCStyle.CN, commonName).build();
    }

    public static GeneralNames alternatives(CertificateRequest request) {
        List<GeneralName> names = new ArrayList<>();
        request.ids().forEach(id -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, id.uri())));
        request.hosts()
                .forEach(host -> names.add(
                        new GeneralName(host.address() ? GeneralName.iPAddress : GeneralName.dNSName, host.value())));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }
}
