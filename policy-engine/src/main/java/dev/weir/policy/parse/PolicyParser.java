package dev.weir.policy.parse;

import dev.weir.policy.model.AccessDocument;
import dev.weir.policy.model.AccessKind;
import dev.weir.policy.model.Canary;
import dev.weir.policy.model.Fault;
import dev.weir.policy.model.IdentityPropagation;
import dev.weir.policy.model.Mirror;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Policy;
import dev.weir.policy.model.PolicyTest;
import dev.weir.policy.model.Quota;
import dev.weir.policy.model.SchemaRule;
import dev.weir.policy.model.Service;
import dev.weir.policy.model.Slo;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlFile;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads policy files: the envelope of each document here, its {@code spec} in the reader of its kind. */
public final class PolicyParser {
    public static final String API_VERSION = "weir.dev/v1";
    public static final String SERVICE = "Service";
    public static final String MESH_DEFAULTS = "MeshDefaults";
    public static final String SLO = "Slo";
    public static final String IDENTITY_PROPAGATION = "IdentityPropagation";
    public static final String SCHEMA_RULE = "SchemaRule";
    public static final String CANARY = "Canary";
    public static final String MIRROR = "Mirror";
    public static final String FAULT = "Fault";
    public static final String QUOTA = "Quota";

    private final Problems problems = new Problems();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final References references = new References();
    private final List<AccessDocument> documents = new ArrayList<>();
    private final List<Slo> slos = new ArrayList<>();
    private final List<IdentityPropagation> propagations = new ArrayList<>();
    private final List<SchemaRule> schemaRules = new ArrayList<>();
    private final List<Canary> canaries = new ArrayList<>();
    private final List<Mirror> mirrors = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Quota> quotas = new ArrayList<>();
    private final SchemaRuleReader schemaRuleReader;
    private Optional<Position> meshDefaults = Optional.empty();
    private Mode mode = Mode.ENFORCE;

    private PolicyParser(List<PolicyFile> files) {
        schemaRuleReader = new SchemaRuleReader(SchemaFiles.read(files, problems));
    }

    /** What the files say, all together. */
    public static Parsed parse(List<PolicyFile> files) {
        PolicyParser parser = new PolicyParser(files);
        for (PolicyFile file : files) {
            if (SchemaFiles.isSchema(file)) {
                continue;
            }
            if (file.content().length == 0) {
                // what an editor leaves for a moment while it saves; to take it would be to drop its denies
                parser.problems.add(Position.of(file.path()), "file is empty; delete it, or fill it");
            }
            for (YamlValue document : YamlFile.documents(file.path(), file.content(), parser.problems)) {
                document.object(parser::document);
            }
        }
        Policy policy = new Policy(
                parser.services,
                parser.documents,
                parser.mode,
                parser.slos,
                parser.propagations,
                parser.schemaRules,
                parser.canaries,
                parser.mirrors,
                parser.faults,
                parser.quotas);
        new PolicyValidator(policy, parser.references, parser.problems).validate();
        return new Parsed(policy, parser.problems.all());
    }

    /** All kinds that exist. */
    public static Set<String> kinds() {
        Set<String> kinds = new TreeSet<>(
                Set.of(SERVICE, MESH_DEFAULTS, SLO, IDENTITY_PROPAGATION, SCHEMA_RULE, CANARY, MIRROR, FAULT, QUOTA));
        for (AccessKind kind : AccessKind.values()) {
            kinds.add(kind.kind());
        }
        return kinds;
    }

    private boolean document(YamlObject document) {
        Text version = document.requiredText("apiVersion");
        if (!version.isEmpty() && !version.value().equals(API_VERSION)) {
            document.problems().addUnknown("apiVersion", version, List.of(API_VERSION));
        }
        Text kind = document.requiredText("kind");
        if (!kind.isEmpty() && !kinds().contains(kind.value())) {
            document.problems().addUnknown("kind", kind, kinds());
        }
        Metadata metadata = document.requiredObject("metadata", Metadata::read)
                .orElseGet(() -> new Metadata(new Text("", document.at()), ""));
        document.required("spec", "an object").ifPresent(spec -> spec(kind, metadata, spec));
        return true;
    }

    private void spec(Text kind, Metadata metadata, YamlValue spec) {
        switch (kind.value()) {
            case SERVICE ->
                spec.object(object -> ServiceReader.read(metadata, object)).ifPresent(this::add);
            case MESH_DEFAULTS ->
                spec.object(object -> object.choice("mode", Words.MODES).orElse(Mode.ENFORCE))
                        .ifPresent(defaults -> add(metadata, defaults));
            case SLO ->
                spec.object(object -> new SloReader(metadata, references).read(object))
                        .ifPresent(slo -> addOnce(slos, slo, SLO, Slo::name, Slo::at));
            case IDENTITY_PROPAGATION ->
                spec.object(object -> PropagationReader.read(metadata, object))
                        .ifPresent(propagation -> addOnce(
                                propagations,
                                propagation,
                                IDENTITY_PROPAGATION,
                                IdentityPropagation::name,
                                IdentityPropagation::at));
            case SCHEMA_RULE ->
                spec.object(object -> schemaRuleReader.read(metadata, object))
                        .ifPresent(rule -> addOnce(schemaRules, rule, SCHEMA_RULE, SchemaRule::name, SchemaRule::at));
            case CANARY ->
                spec.object(object -> new CanaryReader(metadata, references).read(object))
                        .ifPresent(canary -> addOnce(canaries, canary, CANARY, Canary::name, Canary::at));
            case MIRROR ->
                spec.object(object -> MirrorReader.read(metadata, object))
                        .ifPresent(mirror -> addOnce(mirrors, mirror, MIRROR, Mirror::name, Mirror::at));
            case FAULT ->
                spec.object(object -> new FaultReader(metadata, references).read(object))
                        .ifPresent(fault -> addOnce(faults, fault, FAULT, Fault::name, Fault::at));
            case QUOTA ->
                spec.object(object -> QuotaReader.read(metadata, references, object))
                        .ifPresent(quota -> addOnce(quotas, quota, QUOTA, Quota::name, Quota::at));
            default ->
                accessKind(kind)
                        .flatMap(access ->
                                spec.object(object -> new AccessReader(access, metadata, references).read(object)))
                        .ifPresent(this::add);
        }
    }

    private Optional<AccessKind> accessKind(Text kind) {
        for (AccessKind access : AccessKind.values()) {
            if (access.kind().equals(kind.value())) {
                return Optional.of(access);
            }
        }
        return Optional.empty(); // reported already
    }

    private void add(Service service) {
        if (service.name().equals(PolicyTest.ANONYMOUS)) {
            problems.add(
                    service.at(),
                    "a Service cannot have this name, as tests use it for a caller without credentials",
                    "\"anonymous\"",
                    "another name");
        }
        Service first = services.putIfAbsent(service.name(), service);
        if (first != null && !service.name().isEmpty()) {
            problems.add(service.at(), "Service " + service.name() + " is declared twice; first at " + first.at());
        }
    }

    private void add(AccessDocument document) {
        documents.stream()
                .filter(other ->
                        other.name().equals(document.name()) && !document.name().isEmpty())
                .findFirst()
                .ifPresent(
                        first -> problems.add(
                                document.at(),
                                "the name " + document.name() + " is taken by a "
                                        + first.kind().kind() + " at " + first.at()
                                        + "; rules are known as document/rule, so documents with rules need names of their own"));
        documents.add(document);
    }

    /** Takes a document of a kind in which each has a name of its own. */
    private <T> void addOnce(List<T> all, T document, String kind, Function<T, String> name, Function<T, Position> at) {
        String own = name.apply(document);
        all.stream()
                .filter(other -> !own.isEmpty() && own.equals(name.apply(other)))
                .findFirst()
                .ifPresent(first -> problems.add(
                        at.apply(document), kind + " " + own + " is declared twice; first at " + at.apply(first)));
        all.add(document);
    }

    private void add(Metadata metadata, Mode defaults) {
        Position at = metadata.name().at();
        meshDefaults.ifPresent(first -> problems.add(at, "MeshDefaults is declared twice; first at " + first));
        meshDefaults = Optional.of(meshDefaults.orElse(at));
        mode = defaults;
    }
}
