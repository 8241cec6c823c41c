package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problem;
import dev.weir.policy.yaml.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * User names with password hashes (SASL/PLAIN) and SCRAM keys in a file; see {@code weir user}. A change of the file is
 * noticed at the next {@link #refresh}, and by the next login within about a second. A file that has become unreadable
 * or wrong changes nothing: the users read last stay, and {@link #problems} says why.
 *
 * <p>Any thread, but never an event loop: {@link #verify} takes tens of milliseconds of CPU, and reads the file.
 */
public final class UsersFile {
    private static final Logger LOG = LoggerFactory.getLogger(UsersFile.class);
    private static final long CHECK_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long BYTES_MAX = 16L * 1024 * 1024;

    private final Path path;
    private volatile UserTable users;
    private volatile List<Problem> problems = List.of();
    private volatile long checkedNanos;
    private FileStamp stamp;

    private UsersFile(Path path, UserTable users, FileStamp stamp) {
        this.path = path;
        this.users = users;
        this.stamp = stamp;
        this.checkedNanos = System.nanoTime();
    }

    /**
     * Reads the file for the first time.
     *
     * @throws InvalidUsersFileException naming every mistake, with its line
     */
    public static UsersFile open(Path path) {
        Problems found = new Problems();
        FileStamp stamp = FileStamp.of(path);
        UserTable users = read(path, found);
        if (users == null || !found.isEmpty()) {
            throw new InvalidUsersFileException(found.all());
        }
        return new UsersFile(path, users, stamp);
    }

    /** All mistakes of a file that is not yet in use; none if it could be opened. */
    public static List<Problem> check(Path path) {
        Problems found = new Problems();
        read(path, found);
        return found.all();
    }

    /**
     * Whether the user exists and this is the password. A user that does not exist takes as long as a wrong password.
     */
    public boolean verify(String user, String password) {
        return login(user, password) != null;
    }

    /** As {@link #verify}: how long the login holds, or {@code null} when it is wrong. */
    @Nullable
    Validity login(String user, String password) {
        refreshIfDue();
        return users.login(user, password);
    }

    /** The user's SCRAM keys, or those of a decoy that nobody can log in with. */
    ScramUser scram(String user, Mechanism mechanism) {
        refreshIfDue();
        return users.scram(user, mechanism);
    }

    private void refreshIfDue() {
        if (System.nanoTime() - checkedNanos >= CHECK_INTERVAL_NANOS) {
            refresh();
        }
    }

    /**
     * Reads the file again if it has changed, and keeps the users there were if that fails. What was logged in with a line
     * that is gone, or replaced, ends.
     */
    synchronized void refresh() {
        checkedNanos = System.nanoTime();
        FileStamp now = FileStamp.of(path);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        Problems found = new Problems();
        UserTable read = read(path, found);
        problems = found.all();
        if (read != null && found.isEmpty()) {
            users = read.after(users);
            LOG.atInfo()
                    .addKeyValue("file", path)
                    .addKeyValue("users", read.size())
                    .log("users file read again");
        } else {
            LOG.atError()
                    .addKeyValue("file", path)
                    .addKeyValue("problems", problems)
                    .log("users file has mistakes; the users read before stay");
        }
    }

    /** What is wrong with the file as it is now; the users in force are those of before. Empty when all is well. */
    public List<Problem> problems() {
        return problems;
    }

    /** The mechanisms that a user of this name can log in with; none when there is no such user. */
    public Set<Mechanism> mechanisms(String user) {
        return users.mechanisms(user);
    }

    /** Whether the file has a key for its decoys, which makes them the same on every Weir. */
    public static boolean hasDecoyKey(List<String> lines) {
        return lines.stream().anyMatch(line -> line.startsWith(Decoys.LINE));
    }

    /** A line with a new key for decoys. */
    public static String newDecoyKey() {
        return Decoys.newLine();
    }

    public int size() {
        return users.size();
    }

    private static @Nullable UserTable read(Path path, Problems problems) {
        try {
            if (Files.size(path) > BYTES_MAX) {
                problems.add(Position.of(path.toString()), "users file is larger than " + BYTES_MAX + " bytes");
                return null;
            }
            return UserTable.parse(path.toString(), Files.readString(path), problems);
        } catch (CharacterCodingException e) {
            problems.add(Position.of(path.toString()), "users file is not UTF-8 text");
        } catch (NoSuchFileException e) {
            problems.add(Position.of(path.toString()), "users file does not exist (weir user add makes one)");
        } catch (IOException e) {
            problems.add(Position.of(path.toString()), "users file cannot be read: " + FailureWords.ofFile(e));
        }
        return null;
    }
}
