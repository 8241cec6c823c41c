package dev.weir.schema.json;

import java.util.Optional;

/** Which keywords a schema means by their names, by its {@code $schema}. */
enum Dialect {
    /** Drafts 06 and 07: what stands beside {@code $ref} means nothing. */
    DRAFT_7,
    DRAFT_2019_09,
    DRAFT_2020_12,
    /** It does not say: all that any of them has is read, so that nothing which was meant passes unseen. */
    ANY;

    /** Empty for one that is not read. */
    static Optional<Dialect> of(String schema) {
        String uri = schema.replaceFirst("#$", "");
        return switch (uri) {
            case "http://json-schema.org/draft-06/schema",
                    "http://json-schema.org/draft-07/schema",
                    "https://json-schema.org/draft-07/schema" -> Optional.of(DRAFT_7);
            case "https://json-schema.org/draft/2019-09/schema" -> Optional.of(DRAFT_2019_09);
            case "https://json-schema.org/draft/2020-12/schema" -> Optional.of(DRAFT_2020_12);
            case "http://json-schema.org/schema" -> Optional.of(ANY);
            default -> Optional.empty();
        };
    }

    boolean refStandsAlone() {
        return this == DRAFT_7;
    }

    /** {@code dependentRequired}, {@code dependentSchemas}, {@code minContains}, {@code unevaluatedItems} and the like. */
    boolean hasNewKeywords() {
        return this != DRAFT_7;
    }

    boolean hasPrefixItems() {
        return this == DRAFT_2020_12 || this == ANY;
    }

    /** Whether {@code items} may be a list of schemas, one for each item. */
    boolean hasListsOfItems() {
        return this != DRAFT_2020_12;
    }
}
