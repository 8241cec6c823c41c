package dev.weir.identity.client;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.certificate.PrivateFolder;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that a service or a listener gets. Files that are replaced are replaced in an order in which whoever reads
 * meanwhile finds either the old pair, or a pair that does not match and is read again.
 */
public final class Handout {
    private static final String KEY = "key.pem";
    private static final String CERTIFICATE = "certificate.pem";
    private static final String AUTHORITIES = "ca.pem";
    private static final String KEYSTORE = "keystore.pem";
    private static final String JAVA = "client.properties";
    private static final String LIBRDKAFKA = "kcat.conf";

    private final PrivateFolder folder;

    private Handout(PrivateFolder folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder ready.
     *
     * @param replace whether files that are there may be replaced
     * @throws IdentityException when they are there and may not
     */
    public static Handout into(Path path, boolean replace) throws IdentityException {
        PrivateFolder folder = PrivateFolder.open(path);
        List<String> there = folder.existing(List.of(KEY, CERTIFICATE, AUTHORITIES, KEYSTORE, JAVA, LIBRDKAFKA));
        if (!there.isEmpty() && !replace) {
            throw new IdentityException(path + " already holds " + String.join(", ", there)
                    + ". Give --replace to renew them, or choose another folder.");
        }
        if (folder.path().toString().chars().anyMatch(c -> c < ' ')) {
            throw new IdentityException("the folder's name holds a control character");
        }
        return new Handout(folder);
    }

    /** Key, certificate and authorities. */
    public void listener(IssuedCertificate issued) throws IdentityException {
        folder.write(AUTHORITIES, Pem.of(issued.authorities()));
        folder.write(KEY, Pem.of(issued.key()));
        folder.write(CERTIFICATE, Pem.of(issued.chain()));
    }

    /**
     * The same, and configurations for Kafka's Java client and for librdkafka.
     *
     * @param bootstrap where clients connect
     * @param title a line for people, without line breaks
     */
    public void service(IssuedCertificate issued, String bootstrap, String title) throws IdentityException {
        listener(issued);
        folder.write(KEYSTORE, Pem.of(issued.key()) + Pem.of(issued.chain()));
        folder.write(JAVA, """
            # %s
            bootstrap.servers=%s
            security.protocol=SSL
            ssl.keystore.type=PEM
            ssl.keystore.location=%s
            ssl.truststore.type=PEM
            ssl.truststore.location=%s
            """.formatted(title, bootstrap, property(KEYSTORE), property(AUTHORITIES)));
        folder.write(LIBRDKAFKA, """
            # %s
            # for kcat: kcat -F %s -L
            bootstrap.servers=%s
            security.protocol=ssl
            ssl.key.location=%s
            ssl.certificate.location=%s
            ssl.ca.location=%s
            """.formatted(
                        title, path(LIBRDKAFKA), bootstrap, path(KEY), path(CERTIFICATE), path(AUTHORITIES)));
    }

    /** Where a file of the folder is. */
    public Path path(String name) {
        return folder.path().resolve(name);
    }

    public Path certificate() {
        return path(CERTIFICATE);
    }

    public Path key() {
        return path(KEY);
    }

    public Path authorities() {
        return path(AUTHORITIES);
    }

    /** Key and chain in one file, as Kafka's Java client wants them. */
    public Path keyStore() {
        return path(KEYSTORE);
    }

    public Path javaClient() {
        return path(JAVA);
    }

    public Path kcat() {
        return path(LIBRDKAFKA);
    }

    /** As {@link java.util.Properties} reads it: a backslash begins an escape, and the file is ISO 8859-1 to some. */
    private String property(String name) {
        StringBuilder escaped = new StringBuilder();
        path(name).toString().chars().forEach(c -> {
            if (c == '\\') {
                escaped.append("\\\\");
            } else if (c > '~') {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
