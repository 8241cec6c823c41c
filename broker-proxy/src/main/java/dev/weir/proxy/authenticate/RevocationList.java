package dev.weir.proxy.authenticate;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problem;
import dev.weir.policy.yaml.Problems;
import dev.weir.proxy.telemetry.SessionEnd;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Client certificates that their authorities took back: a file of CRLs (RFC 5280), PEM or DER, each signed by one of the
 * authorities that the listener trusts. A change is noticed at the next {@link #refresh}. A file that has become
 * unreadable or wrong changes nothing: what was revoked stays so, and {@link #problems} says why. A list whose next
 * update is overdue is still used, and said to be.
 *
 * <p>Any thread; but {@link #refresh} reads files, so never on an event loop.
 */
public final class RevocationList {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationList.class);

    private record Serial(X500Principal issuer, BigInteger number) {}

    private record Reading(Set<Serial> revoked, @Nullable Instant nextUpdate) {}

    private final Path path;
    private final Path authorities;
    private volatile Reading reading;
    private volatile List<Problem> problems = List.of();
    private FileStamp stamp;

    private RevocationList(Path path, Path authorities, Reading reading, FileStamp stamp) {
        this.path = path;
        this.authorities = authorities;
        this.reading = reading;
        this.stamp = stamp;
    }

    /**
     * Reads the file for the first time.
     *
     * @param authorities PEM file of those who may revoke
     * @throws IllegalArgumentException naming every mistake
     */
    public static RevocationList open(Path path, Path authorities) {
        Problems found = new Problems();
        FileStamp stamp = FileStamp.of(path);
        Reading reading = read(path, authorities, found);
        if (reading == null || !found.isEmpty()) {
            throw new IllegalArgumentException(String.join(
                    "\n", found.all().stream().map(Problem::toString).toList()));
        }
        return new RevocationList(path, authorities, reading, stamp);
    }

    /** All mistakes of a file that is not yet in use; none if it could be opened. */
    public static List<Problem> check(Path path, Path authorities) {
        Problems found = new Problems();
        read(path, authorities, found);
        return found.all();
    }

    /** Whether one of these was taken back. */
    boolean revokes(List<X509Certificate> chain) {
        Set<Serial> revoked = reading.revoked;
        for (X509Certificate certificate : chain) {
            if (revoked.contains(new Serial(certificate.getIssuerX500Principal(), certificate.getSerialNumber()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether none of a peer's certificates has been taken back. */
    Validity validity(List<X509Certificate> chain) {
        return new Validity() {
            private @Nullable Reading asked;
            private @Nullable SessionEnd answer;

            @Override
            @SuppressWarnings(
                    "ReferenceEquality") // another reading is another object; what is in it need not be compared
            public @Nullable SessionEnd ended() {
                Reading now = reading;
                if (asked != now) {
                    asked = now;
                    answer = revokes(chain) ? SessionEnd.CERTIFICATE_REVOKED : answer;
                }
                return answer;
            }
        };
    }

    /** Reads the file again if it has changed, and keeps what was revoked if that fails. */
    synchronized void refresh() {
        FileStamp now = FileStamp.of(path);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        Problems found = new Problems();
        Reading read = read(path, authorities, found);
        problems = found.all();
        if (read != null && found.isEmpty()) {
            reading = read;
            LOG.atInfo()
                    .addKeyValue("file", path)
                    .addKeyValue("certificates", read.revoked.size())
                    .log("list of revoked certificates read again");
        } else {
            LOG.atError()
                    .addKeyValue("file", path)
                    .addKeyValue("problems", problems)
                    .log("list of revoked certificates has mistakes; what was revoked before stays so");
        }
    }

    /** What is wrong with the file as it is now; empty when all is well. */
    List<Problem> problems() {
        Instant due = reading.nextUpdate;
        if (problems.isEmpty() && due != null && due.isBefore(Instant.now())) {
            return List.of(new Problem(
                    Position.of(path.toString()),
                    "the list of revoked certificates should have been renewed by " + due,
                    "",
                    ""));
        }
        return problems;
    }

    private static @Nullable Reading read(Path path, Path authorities, Problems problems) {
        Position at = Position.of(path.toString());
        try (InputStream lists = Files.newInputStream(path);
                InputStream trusted = Files.newInputStream(authorities)) {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            Collection<? extends Certificate> signers = x509.generateCertificates(trusted);
            Collection<? extends CRL> crls = x509.generateCRLs(lists);
            if (crls.isEmpty()) {
                problems.add(at, "no CRL in this file; expected PEM that begins with -----BEGIN X509 CRL-----, or DER");
                return null;
            }
            Set<Serial> revoked = new HashSet<>();
            Instant nextUpdate = null;
            for (CRL crl : crls) {
                X509CRL list = (X509CRL) crl;
                if (signers.stream().noneMatch(signer -> isSignedBy(list, (X509Certificate) signer))) {
                    problems.add(
                            at,
                            "a CRL of \"" + list.getIssuerX500Principal() + "\" is not signed by any authority in "
                                    + authorities);
                    continue;
                }
                if (list.getRevokedCertificates() != null) {
                    list.getRevokedCertificates()
                            .forEach(entry ->
                                    revoked.add(new Serial(list.getIssuerX500Principal(), entry.getSerialNumber())));
                }
                Instant due = list.getNextUpdate() == null
                        ? null
                        : list.getNextUpdate().toInstant();
                if (due != null && (nextUpdate == null || due.isBefore(nextUpdate))) {
                    nextUpdate = due;
                }
            }
            return new Reading(Set.copyOf(revoked), nextUpdate);
        } catch (NoSuchFileException e) {
            problems.add(at, "file of revoked certificates does not exist: " + e.getFile());
        } catch (CRLException e) {
            problems.add(at, "file of revoked certificates is no CRL: " + FailureWords.ofItself(e));
        } catch (GeneralSecurityException | IOException e) {
            problems.add(at, "file of revoked certificates cannot be read: " + FailureWords.ofItself(e));
        }
        return null;
    }

    private static boolean isSignedBy(X509CRL list, X509Certificate signer) {
        if (!list.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
            return false;
        }
        try {
            list.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
