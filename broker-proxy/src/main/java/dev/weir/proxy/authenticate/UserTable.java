package dev.weir.proxy.authenticate;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The users of one reading of a users file. One user per line, {@code NAME:HASH}; empty lines and lines that begin
 * with {@code #} count for nothing. A name may itself contain colons, since a hash has none.
 */
final class UserTable {
    private static final int NAME_LENGTH_MAX = 256;

    private final Map<String, Credential> users;
    /** What a user that does not exist is measured against, so that it takes as long as one that does. */
    private final PasswordHash nobody;

    private UserTable(Map<String, Credential> users) {
        this.users = users;
        int iterations = users.values().stream()
                .mapToInt(credential -> credential.hash().iterations())
                .max()
                .orElse(PasswordHash.ITERATIONS_DEFAULT);
        this.nobody = PasswordHash.create("no user has this name", iterations);
    }

    /** Reads all lines; mistakes go to {@code problems}, and their lines are left out. */
    static UserTable parse(String file, String content, Problems problems) {
        Map<String, Credential> users = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        int number = 0;
        for (String line : content.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Position at = new Position(file, number, 1);
            int colon = line.lastIndexOf(':');
            if (colon < 0) {
                problems.add(at, "not a user; expected NAME:" + PasswordHash.FORM + " (weir user hash makes one)");
                continue;
            }
            String name = line.substring(0, colon);
            if (name.isBlank() || name.length() > NAME_LENGTH_MAX || !name.equals(name.strip())) {
                problems.add(
                        at, "a user needs a name of 1 to " + NAME_LENGTH_MAX + " characters, without blanks around");
                continue;
            }
            Integer before = lines.putIfAbsent(name, number);
            if (before != null) {
                problems.add(at, "user \"" + name + "\" is already in line " + before);
                continue;
            }
            try {
                users.put(
                        name,
                        new Credential(
                                PasswordHash.parse(line.substring(colon + 1).strip())));
            } catch (IllegalArgumentException e) {
                problems.add(new Position(file, number, colon + 2), "user \"" + name + "\": " + e.getMessage());
            }
        }
        return new UserTable(Map.copyOf(users));
    }

    /** Takes as long for a user that does not exist as for a wrong password. */
    boolean verify(String user, String password) {
        if (password.isEmpty()) {
            return false;
        }
        Credential credential = users.get(user);
        if (credential == null) {
            nobody.verify(password);
            return false;
        }
        return credential.verify(password);
    }

    int size() {
        return users.size();
    }
}
