package dev.weir.identity.vault;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.Issuer;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.renew.Pace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets and certificates of Vault as files in a private folder, which follow Vault once {@link #follow()} was called:
 * secrets are read again now and then, certificates renewed at two thirds of their life, the token kept alive. While Vault
 * does not answer, the files stay as they are. All of it happens on one thread; {@link #status()} is for any.
 */
public final class VaultFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VaultFiles.class);
    private static final long TICK_MILLIS = 200;

    private final VaultSettings settings;
    private final Map<String, CertificateOrder> orders;
    private final SecretFolder folder;
    private final Clock clock = Clock.systemUTC();
    private final Pace pace = new Pace(() -> ThreadLocalRandom.current().nextDouble());
    private final Map<String, FollowedItem> items = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "weir-vault");
        made.setDaemon(true);
        return made;
    });
    private final VaultSession session;
    private volatile @Nullable String tokenError;
    private int tokenFailures;
    private Instant tokenRetry = Instant.EPOCH;

    private VaultFiles(VaultSettings settings, Collection<CertificateOrder> orders, SecretFolder folder)
            throws VaultFailure {
        this.settings = settings;
        this.folder = folder;
        this.orders = new TreeMap<>();
        orders.forEach(order -> this.orders.put(order.name(), order));
        this.session = new VaultSession(new VaultConnection(settings), pace, clock);
    }

    /**
     * Makes the folder; does not ask Vault yet.
     *
     * @param orders certificates that references may name
     * @param kept a folder that outlives this process, so that a start does not need Vault; or {@code null} for one in
     *     memory, where there is one, that ends with it
     */
    public static VaultFiles open(VaultSettings settings, Collection<CertificateOrder> orders, @Nullable Path kept)
            throws IdentityException {
        return new VaultFiles(settings, orders, kept == null ? SecretFolder.temporary() : SecretFolder.kept(kept));
    }

    /**
     * The file that holds what a reference names, and from now on follows it. Blocks while Vault is asked.
     *
     * @throws IdentityException saying what is wrong; a {@link VaultFailure} when Vault says so
     */
    public Path file(VaultReference reference) throws IdentityException {
        FollowedItem item = items.get(reference.path());
        if (item == null) {
            item = follow(reference);
        }
        Path file = item.file(reference.field());
        items.put(reference.path(), item);
        return file;
    }

    /** Secrets that become no files: asked for with the same token, when they are needed. */
    public VaultSecrets secrets() {
        return new VaultSecrets(session, pace, clock);
    }

    private FollowedItem follow(VaultReference reference) throws IdentityException {
        String path = reference.path();
        FollowedItem.Source source;
        if (reference.isCertificate()) {
            CertificateOrder order = orders.get(path);
            if (order == null) {
                throw new IdentityException("no certificate of this name is ordered under vault.certificates");
            }
            source = () -> certificate(order);
        } else {
            source = () -> new FollowedItem.Content(
                    session.with((connection, token) -> connection.read(token, path)), null, null);
        }
        return new FollowedItem(path, source, folder.of(path), settings.refresh(), pace, clock);
    }

    private FollowedItem.Content certificate(CertificateOrder order) throws IdentityException {
        IssuedCertificate issued = new VaultAuthority(session, order.role()).issue(order.request(), KeyType.EC_P256);
        Map<String, String> files = new LinkedHashMap<>();
        files.put(VaultReference.CA, Pem.of(issued.authorities()));
        files.put(VaultReference.KEY, Pem.of(issued.key()));
        files.put(VaultReference.CERTIFICATE, Pem.of(issued.chain()));
        return new FollowedItem.Content(files, issued.notBefore(), issued.notAfter());
    }

    /**
     * Has a role sign, for a command: nothing is kept or followed.
     *
     * @param role the mount and the role in it, such as {@code pki/workloads}
     */
    public static Issuer issuer(VaultSettings settings, String role) throws IdentityException {
        return new VaultAuthority(
                new VaultSession(new VaultConnection(settings), new Pace(() -> 0), Clock.systemUTC()), role);
    }

    /** Begins to follow Vault. */
    public void follow() {
        thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            keepToken();
            for (FollowedItem item : items.values()) {
                if (!clock.instant().isBefore(item.status().next())) {
                    item.renew();
                }
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("following Vault failed; it is tried again");
        }
    }

    private void keepToken() {
        Instant due = session.renewal();
        Instant now = clock.instant();
        if (due == null || now.isBefore(due) || now.isBefore(tokenRetry)) {
            return;
        }
        try {
            session.keepAlive();
            tokenError = null;
            tokenFailures = 0;
        } catch (VaultFailure e) {
            tokenFailures++;
            tokenRetry = now.plus(pace.retry(tokenFailures));
            String why = String.valueOf(e.getMessage());
            if (!why.equals(tokenError)) {
                LOG.atWarn().addKeyValue("reason", why).log("the token for Vault cannot be renewed; it is tried again");
            }
            tokenError = why;
        }
    }

    /** How it is doing. */
    public VaultStatus status() {
        List<VaultStatus.Item> all = items.values().stream()
                .map(FollowedItem::status)
                .sorted(Comparator.comparing(VaultStatus.Item::name))
                .toList();
        String error = tokenError;
        for (VaultStatus.Item item : all) {
            error = error == null ? item.lastError() : error;
        }
        return new VaultStatus(settings.address().toString(), settings.logIn().title(), session.until(), error, all);
    }

    /** Stops following, and takes away the files that are not to be kept. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            // an answer that is still on its way must not write into a folder that is gone
            thread.awaitTermination(settings.timeout().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.close();
    }
}
