package dev.weir.schema.json;

import com.google.re2j.Pattern;
import dev.weir.schema.compatibility.SchemaFileException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what one schema object demands. What it does not know means nothing, as the specification has it. */
final class KeywordReader {
    private final SchemaObject schema;
    private final Dialect dialect;
    private final List<Keyword> keywords = new ArrayList<>();

    KeywordReader(SchemaObject schema) {
        this.schema = schema;
        this.dialect = schema.place().dialect();
    }

    /** In the order in which they are asked: what costs little first, what depends on others last. */
    List<Keyword> read() throws SchemaFileException {
        for (String dynamic : List.of("$dynamicRef", "$recursiveRef")) {
            if (schema.has(dynamic)) {
                throw schema.mistake(schema.at(dynamic), "a schema without " + dynamic + ", which is not read");
            }
        }
        String reference = schema.string("$ref").orElse(null);
        if (reference == null || !dialect.refStandsAlone()) {
            values();
            numbers();
            strings();
            arrays();
            objects();
            combinations();
        }
        if (reference != null) {
            keywords.add(new Combinations.Ref(schema.referred(reference)));
        }
        if (dialect.hasNewKeywords()) {
            unevaluated();
        }
        return keywords;
    }

    private void values() throws SchemaFileException {
        int type = schema.at("type");
        if (type >= 0) {
            keywords.add(type(type));
        }
        int values = schema.at("enum");
        if (values >= 0) {
            if (schema.tape().kind(values) != JsonKind.ARRAY) {
                throw schema.mistake(values, "a list of values");
            }
            keywords.add(ValueKeywords.OneOfValues.of(schema.tape(), schema.items(values)));
        }
        int value = schema.at("const");
        if (value >= 0) {
            keywords.add(ValueKeywords.OneOfValues.of(schema.tape(), value));
        }
    }

    private Keyword type(int at) throws SchemaFileException {
        Set<String> types = new LinkedHashSet<>();
        if (schema.tape().kind(at) == JsonKind.ARRAY) {
            types.addAll(schema.strings(at));
        } else {
            types.add(schema.string(at));
        }
        int kinds = 0;
        for (String type : types) {
            kinds |= switch (type) {
                case "object" -> JsonKind.OBJECT.bit();
                case "array" -> JsonKind.ARRAY.bit();
                case "string" -> JsonKind.STRING.bit();
                case "number", "integer" -> JsonKind.NUMBER.bit();
                case "boolean" -> JsonKind.TRUE.bit() | JsonKind.FALSE.bit();
                case "null" -> JsonKind.NULL.bit();
                default -> throw schema.mistake(at, "one of object, array, string, number, integer, boolean, null");
            };
        }
        String expected =
                String.join(" or ", types.stream().map(KeywordReader::told).toList());
        return new ValueKeywords.Type(kinds, types.contains("integer") && !types.contains("number"), expected);
    }

    private static String told(String type) {
        return switch (type) {
            case "null" -> type;
            case "object", "array", "integer" -> "an " + type;
            default -> "a " + type;
        };
    }

    private void numbers() throws SchemaFileException {
        bound("minimum", -1, false);
        bound("exclusiveMinimum", -1, true);
        bound("maximum", 1, false);
        bound("exclusiveMaximum", 1, true);
        BigDecimal multiple = schema.number("multipleOf");
        if (multiple != null) {
            if (multiple.signum() <= 0) {
                throw schema.mistake(schema.at("multipleOf"), "a number above 0");
            }
            keywords.add(new ValueKeywords.MultipleOf(multiple));
        }
    }

    private void bound(String keyword, int side, boolean exclusive) throws SchemaFileException {
        BigDecimal bound = schema.number(keyword);
        if (bound != null) {
            int at = schema.at(keyword);
            Long integer = schema.tape().isPlainInteger(at) ? schema.tape().plainInteger(at) : null;
            keywords.add(new ValueKeywords.Bound(side, exclusive, bound, integer));
        }
    }

    private void strings() throws SchemaFileException {
        if (schema.has("minLength") || schema.has("maxLength")) {
            keywords.add(
                    new ValueKeywords.Length(schema.count("minLength", 0), schema.count("maxLength", Long.MAX_VALUE)));
        }
        String pattern = schema.string("pattern").orElse(null);
        if (pattern != null) {
            keywords.add(new ValueKeywords.Matches(pattern(schema.at("pattern"), pattern), pattern));
        }
    }

    private Pattern pattern(int at, String text) throws SchemaFileException {
        try {
            return Patterns.compile(text);
        } catch (IllegalArgumentException e) {
            throw schema.place().document().mistake(at, String.valueOf(e.getMessage()));
        }
    }

    private void arrays() throws SchemaFileException {
        if (schema.has("minItems") || schema.has("maxItems")) {
            keywords.add(
                    new ArrayKeywords.Count(schema.count("minItems", 0), schema.count("maxItems", Long.MAX_VALUE)));
        }
        List<SchemaNode> first = dialect.hasPrefixItems() ? schema.schemas("prefixItems") : List.of();
        int items = schema.at("items");
        SchemaNode others = null;
        if (items >= 0 && schema.tape().kind(items) == JsonKind.ARRAY) {
            if (!dialect.hasListsOfItems()) {
                throw schema.mistake(items, "one schema; a list of them is prefixItems in this draft");
            }
            first = schema.tape().size(items) == 0 ? List.of() : schema.schemas("items");
            others = schema.schema("additionalItems");
        } else if (items >= 0) {
            others = schema.compile(items);
        }
        if (!first.isEmpty() || others != null) {
            keywords.add(new ArrayKeywords.Items(first, others));
        }
        if (schema.isSet("uniqueItems")) {
            keywords.add(new ArrayKeywords.Unique());
        }
        SchemaNode contained = schema.schema("contains");
        if (contained != null) {
            boolean counted = dialect.hasNewKeywords();
            keywords.add(new ArrayKeywords.Contains(
                    contained,
                    counted ? schema.count("minContains", 1) : 1,
                    counted ? schema.count("maxContains", Long.MAX_VALUE) : Long.MAX_VALUE,
                    dialect != Dialect.DRAFT_2019_09));
        }
    }

    private void objects() throws SchemaFileException {
        if (schema.has("minProperties") || schema.has("maxProperties")) {
            keywords.add(new ObjectKeywords.Count(
                    schema.count("minProperties", 0), schema.count("maxProperties", Long.MAX_VALUE)));
        }
        Map<String, SchemaNode> properties = schema.schemasByName("properties");
        Set<String> required = schema.has("required") ? schema.strings(schema.at("required")) : Set.of();
        List<Properties.ByPattern> patterns = new ArrayList<>();
        for (Map.Entry<String, Integer> pattern :
                schema.members("patternProperties").entrySet()) {
            patterns.add(new Properties.ByPattern(
                    pattern(pattern.getValue(), pattern.getKey()), schema.compile(pattern.getValue())));
        }
        SchemaNode additional = schema.schema("additionalProperties");
        SchemaNode names = schema.schema("propertyNames");
        schema.know(properties.keySet());
        schema.know(required);
        if (!properties.isEmpty()
                || !required.isEmpty()
                || !patterns.isEmpty()
                || additional != null
                || names != null) {
            keywords.add(new Properties(properties, required, patterns, additional, names));
        }
        dependencies();
    }

    private void dependencies() throws SchemaFileException {
        for (Map.Entry<String, Integer> dependency :
                schema.members("dependencies").entrySet()) {
            if (schema.tape().kind(dependency.getValue()) == JsonKind.ARRAY) {
                dependentRequired(dependency.getKey(), dependency.getValue());
            } else {
                dependentSchema(dependency.getKey(), schema.compile(dependency.getValue()));
            }
        }
        if (dialect.hasNewKeywords()) {
            for (Map.Entry<String, Integer> dependency :
                    schema.members("dependentRequired").entrySet()) {
                dependentRequired(dependency.getKey(), dependency.getValue());
            }
            schema.schemasByName("dependentSchemas").forEach(this::dependentSchema);
        }
    }

    private void dependentRequired(String name, int names) throws SchemaFileException {
        for (String needed : schema.strings(names)) {
            keywords.add(new ObjectKeywords.DependentRequired(
                    name, SchemaObject.utf8(name), needed, SchemaObject.utf8(needed)));
        }
    }

    private void dependentSchema(String name, SchemaNode dependent) {
        keywords.add(new ObjectKeywords.DependentSchema(SchemaObject.utf8(name), dependent));
    }

    private void combinations() throws SchemaFileException {
        List<SchemaNode> all = schema.schemas("allOf");
        if (!all.isEmpty()) {
            keywords.add(new Combinations.AllOf(all));
        }
        List<SchemaNode> any = schema.schemas("anyOf");
        if (!any.isEmpty()) {
            keywords.add(new Combinations.AnyOf(any, false));
        }
        List<SchemaNode> one = schema.schemas("oneOf");
        if (!one.isEmpty()) {
            keywords.add(new Combinations.AnyOf(one, true));
        }
        SchemaNode not = schema.schema("not");
        if (not != null) {
            keywords.add(new Combinations.Not(not));
        }
        SchemaNode condition = schema.schema("if");
        if (condition != null) {
            keywords.add(new Combinations.IfThenElse(condition, schema.schema("then"), schema.schema("else")));
        }
    }

    private void unevaluated() throws SchemaFileException {
        @Nullable SchemaNode properties = schema.schema("unevaluatedProperties");
        @Nullable SchemaNode items = schema.schema("unevaluatedItems");
        if (properties == null && items == null) {
            return;
        }
        SchemaNode beside = new SchemaNode(schema.place());
        beside.fill(List.copyOf(keywords));
        if (properties != null) {
            keywords.add(new ObjectKeywords.Unevaluated(beside, properties));
        }
        if (items != null) {
            keywords.add(new ArrayKeywords.Unevaluated(beside, items));
        }
    }
}
