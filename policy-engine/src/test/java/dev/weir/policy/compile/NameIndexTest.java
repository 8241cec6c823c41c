package dev.weir.policy.compile;

import static dev.weir.policy.Policies.compile;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the patterns share with one another, the index finds what going through all of them finds. */
class NameIndexTest {
    private static final int ROUNDS = 60;

    @Test
    void findsWhatGoingThroughAllPatternsFinds() {
        long seed = Long.getLong("weir.test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> allowed = patterns(random);
            List<String> denied = patterns(random).subList(0, 2);
            Authorizer authorizer = compile(service("alice")
                            + topicAccess(
                                    "t",
                                    "id: a, allow: [consume], services: [alice], topics: " + allowed,
                                    "id: d, deny: [consume], services: [alice], topics: " + denied))
                    .authorizer(user("alice"), "");
            for (int question = 0; question < 200; question++) {
                String name = name(random, 10);
                boolean expected = matches(allowed, name) && !matches(denied, name);
                assertThat(authorizer
                                .decide(ResourceType.TOPIC, name, Operation.READ)
                                .allowed())
                        .as("%s of allow %s deny %s; to repeat: -Dweir.test.seed=%s", name, allowed, denied, seed)
                        .isEqualTo(expected);
            }
        }
    }

    private static List<String> patterns(Random random) {
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(30); i++) {
            patterns.add('"' + name(random, 8) + (random.nextInt(3) == 0 ? "" : "*") + '"');
        }
        return patterns;
    }

    private static String name(Random random, int lengthMax) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i <= random.nextInt(lengthMax); i++) {
            name.append("abz".charAt(random.nextInt(3)));
        }
        return name.toString();
    }

    private static boolean matches(List<String> patterns, String name) {
        return patterns.stream()
                .map(pattern -> NamePattern.parse(pattern.replace("\"", "")))
                .anyMatch(pattern -> pattern.matches(name));
    }
}
