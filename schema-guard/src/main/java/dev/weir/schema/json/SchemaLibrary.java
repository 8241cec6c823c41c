package dev.weir.schema.json;

import dev.weir.schema.compatibility.SchemaFileException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a folder by all that references may call them: their files, relative to each other, {@code $id} and
 * {@code $anchor}. Nothing is ever fetched. Immutable.
 */
final class SchemaLibrary {
    private static final URI FOLDER = URI.create("file:///");
    /** What is in them is no schema, whatever it looks like. */
    private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples");

    private final Map<String, SchemaPlace> roots = new HashMap<>();
    private final Map<String, SchemaFileException> broken = new HashMap<>();
    private final Map<String, SchemaPlace> byUri = new HashMap<>();

    /** Reads all; a file that is no schema is a mistake only for whoever asks for it. */
    SchemaLibrary(Map<String, String> texts) {
        texts.forEach((file, text) -> {
            try {
                SchemaDocument document = SchemaDocument.read(file, text);
                SchemaPlace root = new SchemaPlace(document, 0, uri(file), Dialect.ANY);
                byUri.put(root.base().toString(), root);
                roots.put(file, index(root));
            } catch (SchemaFileException e) {
                broken.put(file, e);
            }
        });
    }

    /**
     * The schema that a file is.
     *
     * @return empty where there is no such file
     * @throws SchemaFileException when it is no schema
     */
    Optional<SchemaPlace> root(String file) throws SchemaFileException {
        SchemaFileException mistake = broken.get(file);
        if (mistake != null) {
            throw mistake;
        }
        return Optional.ofNullable(roots.get(file));
    }

    private static URI uri(String file) {
        try {
            URI uri = new URI(file);
            if (uri.isAbsolute()) {
                return withoutFragment(uri);
            }
            return FOLDER.resolve(new URI(null, null, "/" + file, null));
        } catch (URISyntaxException e) {
            return FOLDER.resolve("/" + Integer.toHexString(file.hashCode())); // a name that nothing can refer to
        }
    }

    private static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }

    /** Notes what a schema and all in it are called; answers the schema with what it says of itself. */
    private SchemaPlace index(SchemaPlace place) throws SchemaFileException {
        JsonTape tape = place.tape();
        if (tape.kind(place.at()) == JsonKind.ARRAY) {
            int item = place.at() + 1;
            for (int i = tape.size(place.at()); i > 0; i--) {
                index(place.below(item));
                item = tape.next(item);
            }
        }
        if (tape.kind(place.at()) != JsonKind.OBJECT) {
            return place;
        }
        SchemaPlace self = self(place);
        string(self, "$anchor").ifPresent(anchor -> byUri.put(self.base() + "#" + anchor, self));
        int key = self.at() + 1;
        for (int i = tape.size(self.at()); i > 0; i--) {
            if (!VALUES.contains(tape.text(key))) {
                index(self.below(key + 1));
            }
            key = tape.next(key + 1);
        }
        return self;
    }

    /** A schema with the base and the dialect that it says itself. */
    SchemaPlace self(SchemaPlace place) throws SchemaFileException {
        Dialect dialect = place.dialect();
        Optional<String> schema = string(place, "$schema");
        if (schema.isPresent()) {
            dialect = Dialect.of(schema.get())
                    .orElseThrow(() -> place.document()
                            .mistake(
                                    place.at(),
                                    "$schema is " + schema.get()
                                            + "; expected draft 06, 07, 2019-09 or 2020-12 of json-schema.org"));
        }
        SchemaPlace said = new SchemaPlace(place.document(), place.at(), place.base(), dialect);
        Optional<String> id = string(place, "$id");
        if (id.isEmpty() || (dialect.refStandsAlone() && place.tape().member(place.at(), "$ref") >= 0)) {
            return said;
        }
        if (id.get().startsWith("#")) {
            byUri.put(place.base() + id.get(), said);
            return said;
        }
        URI base = withoutFragment(resolve(place, id.get()));
        SchemaPlace self = new SchemaPlace(place.document(), place.at(), base, dialect);
        byUri.put(base.toString(), self);
        return self;
    }

    private static URI resolve(SchemaPlace from, String reference) throws SchemaFileException {
        try {
            return from.base().resolve(new URI(reference));
        } catch (URISyntaxException e) {
            throw from.document().mistake(from.at(), "\"" + reference + "\" is no URI");
        }
    }

    private static Optional<String> string(SchemaPlace place, String name) {
        JsonTape tape = place.tape();
        int member = tape.kind(place.at()) == JsonKind.OBJECT ? tape.member(place.at(), name) : -1;
        return member < 0 || tape.kind(member) != JsonKind.STRING ? Optional.empty() : Optional.of(tape.text(member));
    }

    /**
     * What a {@code $ref} refers to.
     *
     * @throws SchemaFileException when it is not there
     */
    SchemaPlace find(SchemaPlace from, String reference) throws SchemaFileException {
        int hash = reference.indexOf('#');
        String document = hash < 0 ? reference : reference.substring(0, hash);
        String fragment = hash < 0 ? "" : reference.substring(hash + 1);
        SchemaPlace root = document.isEmpty() ? byUri.get(from.base().toString()) : named(from, document);
        if (root == null) {
            throw from.document()
                    .mistake(
                            from.at(),
                            "$ref to " + reference + ", which is no schema that lies here; nothing is fetched");
        }
        SchemaPlace found = fragment.isEmpty()
                ? root
                : fragment.startsWith("/")
                        ? pointed(root, URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8))
                        : byUri.get(root.base() + "#" + fragment);
        if (found == null) {
            throw from.document().mistake(from.at(), "$ref to " + reference + ", which is not there");
        }
        return found;
    }

    private @Nullable SchemaPlace named(SchemaPlace from, String document) throws SchemaFileException {
        SchemaPlace found = byUri.get(resolve(from, document).toString());
        if (found == null) {
            found = byUri.get(uri(document).toString()); // as registries call it, whatever $id says
        }
        SchemaFileException mistake = broken.get(document);
        if (found == null && mistake != null) {
            throw mistake;
        }
        return found;
    }

    private @Nullable SchemaPlace pointed(SchemaPlace root, String pointer) throws SchemaFileException {
        JsonTape tape = root.tape();
        SchemaPlace at = root;
        for (String step : pointer.substring(1).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            int child = switch (tape.kind(at.at())) {
                case OBJECT -> tape.member(at.at(), name);
                case ARRAY -> item(tape, at.at(), name);
                default -> -1;
            };
            if (child < 0) {
                return null;
            }
            at = at.below(child);
            if (tape.kind(child) == JsonKind.OBJECT) {
                at = self(at);
            }
        }
        return at;
    }

    private static int item(JsonTape tape, int array, String index) {
        if (!index.matches("\\d{1,6}")) {
            return -1;
        }
        int item = array + 1;
        int wanted = Integer.parseInt(index);
        for (int i = 0; i < tape.size(array); i++) {
            if (i == wanted) {
                return item;
            }
            item = tape.next(item);
        }
        return -1;
    }
}
