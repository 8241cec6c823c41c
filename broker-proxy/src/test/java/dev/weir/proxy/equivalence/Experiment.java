package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.Kind.ADDS;
import static dev.weir.proxy.equivalence.Case.Kind.READS;

import dev.weir.proxy.equivalence.Case.Need;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;

/** Tries every case in every version by every user on both sides: first what only reads, then the rest. */
final class Experiment {
    private static final List<String> PREPARED = List.of("open", "hidden");

    private final Laboratory laboratory;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private Experiment(Laboratory laboratory) {
        this.laboratory = laboratory;
    }

    static Stream<Case> cases() {
        return Stream.of(
                        ConnectionCases.all(),
                        DataCases.all(),
                        NameCases.all(),
                        TransactionCases.all(),
                        GroupCases.all(),
                        MemberCases.all(),
                        ShareCases.all(),
                        AdminCases.all(),
                        ClusterCases.all())
                .flatMap(each -> each);
    }

    /** The versions of an API that a broker serves: no unstable ones. */
    static List<Short> versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion(false))
                .mapToObj(version -> (short) version)
                .toList();
    }

    static List<Row> run(Laboratory laboratory, Path dir) throws Exception {
        Experiment experiment = new Experiment(laboratory);
        experiment.prepare();
        laboratory.startWeir(dir);
        for (boolean reads : new boolean[] {true, false}) {
            for (Case tried :
                    cases().filter(each -> (each.kind() == READS) == reads).toList()) {
                experiment.run(tried);
            }
        }
        return experiment.rows;
    }

    private void prepare() throws Exception {
        List<String> topics = new ArrayList<>();
        List<String> withRecords = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        Scene shared = new Scene(Scene.SHARED, laboratory.ids());
        Stream.of("open", "seen", "hidden", "read", "write", "consumed", "produced", "marked")
                .map(shared::name)
                .forEach(topics::add);
        Stream.of("open", "seen", "hidden", "read", "consumed")
                .map(shared::name)
                .forEach(withRecords::add);
        Stream.of("open", "seen", "hidden", "read", "consumed")
                .map(shared::name)
                .forEach(groups::add);
        for (Case tried : cases().filter(each -> each.kind() != READS).toList()) {
            for (short version : versions(tried.api())) {
                for (User user : User.values()) {
                    int number = number(tried, version, user);
                    for (Side side : Side.values()) {
                        PREPARED.forEach(role -> {
                            String name = role + "-" + side.token(number);
                            add(tried, version, Need.TOPICS, name, topics);
                            add(tried, version, Need.RECORDS, name, withRecords);
                            add(tried, version, Need.GROUPS, name, groups);
                        });
                    }
                }
            }
        }
        laboratory.createTopics(topics, withRecords);
        laboratory.createGroups(groups, List.of(shared.name("open"), shared.name("hidden")));
        Conversation scene = talk(
                Side.KAFKA, User.ADMIN, shared, (short) 0, cases().findFirst().orElseThrow());
        for (String id : List.of("open", "seen", "hidden")) {
            TransactionCases.begun(scene, id);
        }
    }

    private static void add(Case tried, short version, Need need, String name, List<String> names) {
        if (tried.needs().contains(need) && version >= tried.since() && !names.contains(name)) {
            names.add(name);
        }
    }

    private int number(Case tried, short version, User user) {
        String scene = tried + (tried.kind() == ADDS ? "" : " v" + version) + " " + user;
        return numbers.computeIfAbsent(scene, any -> numbers.size());
    }

    private void run(Case tried) {
        for (short version : versions(tried.api())) {
            if (version < tried.since()) {
                continue;
            }
            for (User user : User.values()) {
                int number = tried.kind() == READS ? -1 : number(tried, version, user);
                Row row = new Row(
                        tried,
                        version,
                        user,
                        number,
                        hear(tried, version, user, Side.KAFKA, number),
                        hear(tried, version, user, Side.WEIR, number));
                if (!row.kafka().isEmpty() || !row.weir().isEmpty()) {
                    rows.add(row);
                }
            }
        }
    }

    private List<String> hear(Case tried, short version, User user, Side side, int number) {
        String token = tried.kind() == READS ? Scene.SHARED : side.token(number);
        Conversation talk = talk(side, user, new Scene(token, laboratory.ids()), version, tried);
        try {
            tried.exchange().run(talk);
        } catch (Exception | AssertionError e) {
            talk.hear("failed: " + e);
        }
        return talk.heard();
    }

    private Conversation talk(Side side, User user, Scene scene, short version, Case tried) {
        return new Conversation(laboratory, side, user, scene, version, tried.masked());
    }
}
