package dev.weir.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.yaml.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever stands in the files, the parser returns, and every problem has a file that exists and a message. */
class PolicyFuzzTest {
    private static final int ROUNDS = Integer.getInteger("weir.test.rounds", 2_000);
    private static final String BITS = "[]{}:,-#&*!|>'\"%@`\n\t \u0000\u00e9\ud83d\ude00?~0aA";

    @Test
    void survivesDamagedPolicy() throws IOException {
        long seed = Long.getLong("weir.test.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> samples = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("../deploy/demo-policy"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                samples.add(Files.readString(file));
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = damage(samples.get(random.nextInt(samples.size())), random);
            try {
                Parsed parsed = PolicyParser.parse(List.of(new PolicyFile("p.yaml", damaged)));
                for (Problem problem : parsed.problems()) {
                    assertThat(problem.file()).isEqualTo("p.yaml");
                    assertThat(problem.message()).isNotBlank();
                    assertThat(problem.toString()).doesNotContain("\n");
                }
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                String text = new String(damaged, StandardCharsets.UTF_8);
                throw new AssertionError("to repeat: -Dweir.test.seed=" + seed + "\n" + text, e);
            }
        }
    }

    private static byte[] damage(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = 0; i <= random.nextInt(6); i++) {
            int at = random.nextInt(damaged.length() + 1);
            int to = Math.min(damaged.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> damaged.delete(at, to);
                case 1 -> damaged.insert(at, BITS.charAt(random.nextInt(BITS.length())));
                case 2 -> damaged.insert(at, damaged.substring(at, to));
                default -> damaged.setLength(at);
            }
        }
        byte[] bytes = damaged.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
