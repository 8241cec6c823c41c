package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.proxy.telemetry.SessionEnd;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The users of one reading of a users file. One line for each user and mechanism, {@code NAME:HASH} or {@code NAME:KEYS};
 * empty lines and lines that begin with {@code #} count for nothing. A name may itself contain colons, since hashes and
 * keys have none.
 */
final class UserTable {
    private static final int NAME_LENGTH_MAX = 256;

    /** Not that of a SPIFFE id. */
    private static final Pattern COLON = Pattern.compile(":(?!//)");

    private record Key(String name, Mechanism mechanism) {}

    private final Map<Key, UserSecret> secrets;
    private final byte[] decoyKey;
    private final Decoys decoys;

    private UserTable(Map<Key, UserSecret> secrets, byte[] decoyKey) {
        this.secrets = Map.copyOf(secrets);
        this.decoyKey = decoyKey;
        this.decoys = Decoys.like(this.secrets.values(), decoyKey);
    }

    /** Reads all lines; mistakes go to {@code problems}, and their lines are left out. */
    static UserTable parse(String file, String content, Problems problems) {
        Map<Key, UserSecret> secrets = new LinkedHashMap<>();
        Map<Key, Integer> lines = new HashMap<>();
        byte[] decoyKey = {};
        int number = 0;
        for (String line : content.lines().toList()) {
            number++;
            Position at = new Position(file, number, 1);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(Decoys.LINE)) {
                decoyKey = decoyKey(line, at, problems);
                continue;
            }
            int colon = line.lastIndexOf(':');
            if (colon < 0) {
                problems.add(at, "not a user; expected NAME:" + PasswordHash.FORM + " (weir user hash makes one)");
                continue;
            }
            String name = line.substring(0, colon);
            Optional<String> problem = problemWithName(name);
            if (problem.isPresent()) {
                problems.add(at, problem.get());
                continue;
            }
            try {
                UserSecret secret = secret(line.substring(colon + 1).strip());
                Key key = new Key(name, secret.mechanism());
                Integer before = lines.putIfAbsent(key, number);
                if (before == null) {
                    secrets.put(key, secret);
                } else {
                    problems.add(at, "user \"" + name + "\" is already in line " + before);
                }
            } catch (IllegalArgumentException e) {
                problems.add(new Position(file, number, colon + 2), "user \"" + shown(name) + "\": " + e.getMessage());
            }
        }
        return new UserTable(secrets, decoyKey);
    }

    /** Where no secret follows, what looks like the end of a name may be the beginning of one: a password may hold a colon. */
    private static String shown(String name) {
        Matcher colon = COLON.matcher(name);
        return colon.find() ? name.substring(0, colon.start()) + ":..." : name;
    }

    private static UserSecret secret(String text) {
        return text.startsWith("scram-")
                ? new ScramUser(ScramKeys.parse(text))
                : new Credential(PasswordHash.parse(text));
    }

    private static byte[] decoyKey(String line, Position at, Problems problems) {
        try {
            return Decoys.parseLine(line);
        } catch (IllegalArgumentException e) {
            problems.add(at, "the key of decoys: " + e.getMessage() + " (weir user add makes one)");
            return new byte[0];
        }
    }

    private static Optional<String> problemWithName(String name) {
        if (name.isBlank() || name.length() > NAME_LENGTH_MAX || !name.equals(name.strip())) {
            return Optional.of("a user needs a name of 1 to " + NAME_LENGTH_MAX + " characters, without blanks around");
        }
        return PrincipalNames.problem(name).map(problem -> "no user can have this name: " + problem);
    }

    /**
     * This table with the secrets of {@code before} where they are still the same, so that what is known of them stays.
     * Those that are gone, or replaced, are revoked: what was logged in with them has to end.
     */
    UserTable after(UserTable before) {
        Map<Key, UserSecret> merged = new HashMap<>(secrets);
        before.secrets.forEach((key, old) -> {
            UserSecret now = secrets.get(key);
            if (now == null) {
                old.validity().revoke(SessionEnd.USER_REMOVED);
            } else if (now.encoded().equals(old.encoded())) {
                merged.put(key, old);
            } else {
                old.validity().revoke(SessionEnd.PASSWORD_CHANGED);
            }
        });
        return new UserTable(merged, decoyKey);
    }

    /**
     * The validity of this login, or {@code null} when the user does not exist or this is not the password. For a user that does
     * not exist all is computed that is for one with a wrong password, and the other way round, so that the time tells nobody who exists.
     */
    @Nullable
    Validity login(String user, String password) {
        if (password.isEmpty()) {
            return null;
        }
        Credential decoy = decoys.credential(user);
        Credential credential = secrets.get(new Key(user, Mechanism.PLAIN)) instanceof Credential known ? known : decoy;
        return credential.verify(password) && credential != decoy ? credential.validity() : null;
    }

    /** The user's keys; those of a decoy for a user that does not exist, which nobody can log in with. */
    ScramUser scram(String user, Mechanism mechanism) {
        ScramKeys decoy = decoys.keys(user, mechanism);
        return secrets.get(new Key(user, mechanism)) instanceof ScramUser known ? known : new ScramUser(decoy);
    }

    /** The mechanisms that a user of this name can log in with. */
    Set<Mechanism> mechanisms(String user) {
        return secrets.keySet().stream()
                .filter(key -> key.name.equals(user))
                .map(Key::mechanism)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How many users there are, however many mechanisms each has. */
    int size() {
        Set<String> names = new HashSet<>();
        secrets.keySet().forEach(key -> names.add(key.name));
        return names.size();
    }
}
