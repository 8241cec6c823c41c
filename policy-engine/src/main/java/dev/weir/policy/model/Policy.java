package dev.weir.policy.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One whole policy.
 *
 * @param services by name, in the order of the files
 * @param mode the mesh's mode: that of default deny, and of every rule and document that names none
 * @param slos in the order of the files
 * @param propagations what records tell of who wrote them, in the order of the files
 * @param schemaRules what records have to look like, in the order of the files
 * @param canaries new versions of consumers, in the order of the files
 * @param mirrors which records go to other topics as well, in the order of the files
 * @param faults what is done to requests on purpose, in the order of the files
 * @param quotas how much Services may do a second, in the order of the files
 */
public record Policy(
        Map<String, Service> services,
        List<AccessDocument> documents,
        Mode mode,
        List<Slo> slos,
        List<IdentityPropagation> propagations,
        List<SchemaRule> schemaRules,
        List<Canary> canaries,
        List<Mirror> mirrors,
        List<Fault> faults,
        List<Quota> quotas) {
    /** Nothing is declared, nothing is allowed. */
    public static final Policy EMPTY = new Policy(
            Map.of(),
            List.of(),
            Mode.ENFORCE,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    public Policy {
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        documents = List.copyOf(documents);
        slos = List.copyOf(slos);
        propagations = List.copyOf(propagations);
        schemaRules = List.copyOf(schemaRules);
        canaries = List.copyOf(canaries);
        mirrors = List.copyOf(mirrors);
        faults = List.copyOf(faults);
        quotas = List.copyOf(quotas);
    }

    public Stream<PolicyTest> tests() {
        return documents.stream().flatMap(document -> document.tests().stream());
    }

    /** A rule's mode after precedence: its own, else the document's, else the mesh's. */
    public Mode mode(AccessDocument document, Rule rule) {
        Optional<Mode> own = rule.mode().or(document::mode);
        return own.orElse(mode);
    }
}
