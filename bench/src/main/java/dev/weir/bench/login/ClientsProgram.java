package dev.weir.bench.login;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The clients' own process, so that neither their garbage nor their compiler is Weir's. The arguments are the folder of the
 * credentials and the number of services. A line {@code come WAY HOST PORT COUNT} on standard input is answered with how it
 * went, a line {@code go} with {@code gone}; the end of the input ends it.
 */
final class ClientsProgram {
    private ClientsProgram() {}

    public static void main(String[] arguments) throws IOException {
        Credentials credentials = new Credentials(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        try (Burst burst = new Burst(new Clients(credentials));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("go")) {
                    burst.go();
                    System.out.println("gone");
                } else {
                    InetSocketAddress address = new InetSocketAddress(words[2], Integer.parseInt(words[3]));
                    System.out.println(burst.come(Way.valueOf(words[1]), address, Integer.parseInt(words[4]))
                            .line());
                }
            }
        }
    }
}
