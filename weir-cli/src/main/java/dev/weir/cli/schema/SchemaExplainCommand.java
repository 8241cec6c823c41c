package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.ExitCode;
import dev.weir.cli.JsonAnswer;
import dev.weir.cli.schema.Explanation.Told;
import dev.weir.mesh.log.FailureWords;
import dev.weir.schema.Limits;
import dev.weir.schema.Violation;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.HeaderLookup;
import dev.weir.schema.framing.SchemaRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir schema explain}. */
@Command(
        name = "explain",
        description = {
            "Read the bytes of one key or value by a schema, as Weir does on their way to a topic.",
            "The schema is a file, or the one that the record says and a registry has.",
            "Says what stands in front of the payload, and where it is not what the schema says.",
            "Exit code 0 when it reads to its end, 1 when not, 2 when the schema is none."
        },
        mixinStandardHelpOptions = true)
final class SchemaExplainCommand implements Callable<Integer> {
    private static final int BYTES_MAX = 64 << 20;
    private static final String FRAMING = "framing";
    private static final Map<String, Framing> FRAMINGS = Map.of(
            "none", Framing.NONE,
            "confluent", Framing.CONFLUENT_PREFIX,
            "confluent-headers", Framing.CONFLUENT_HEADERS,
            "apicurio", Framing.APICURIO,
            "apicurio-headers", Framing.APICURIO_HEADERS);

    /** How the file has the bytes. */
    enum Input {
        BYTES,
        HEX,
        BASE64
    }

    @Parameters(paramLabel = "RECORDFILE", description = "The bytes of one key or value, as they are in the topic.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path record;

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description =
                    "The schema: *.avsc, *.json or *.proto. It may use other files of its folder, or of --schemas.")
    private @Nullable Path schema;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "In place of --schema: where the schema is asked for that the record says.")
    private @Nullable String registryUrl;

    @Mixin
    private final RegistryOptions registry = new RegistryOptions();

    @Option(
            names = "--schemas",
            paramLabel = "DIR",
            description = "The folder that the schema lies in, somewhere below. Default: the folder that it is in.")
    private @Nullable Path folder;

    @Option(
            names = "--framing",
            paramLabel = "FRAMING",
            description = {
                "What stands in front: none, confluent (0x00 and an id of 4 bytes), apicurio (0x00 and an id of 8 bytes);",
                "or nothing, since it is in a header: confluent-headers (with --header), apicurio-headers (with --header).",
                "Without it, that one is taken by which the bytes can be read."
            })
    private @Nullable String framing;

    @Option(
            names = "--header",
            paramLabel = "[NAME=]GUID|ID|HEX",
            description = {
                "What the record's header says: the GUID of __value_schema_id, the number of apicurio.value.globalId,",
                "or 0x and the bytes of either in hex. Another header with its name: apicurio.value.contentId=7."
            })
    private @Nullable String header;

    @Option(
            names = "--message",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Of a Protobuf schema: the message that it is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String message;

    @Option(
            names = "--input",
            paramLabel = "KIND",
            defaultValue = "bytes",
            description = "How the file has the bytes: bytes, hex, base64. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String input;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        byte[] bytes = bytes();
        ExplainedSchemas schemas = schemas();
        Explanation answer = framing == null ? guessed(bytes, schemas) : read(bytes, known(framing), schemas);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonAnswer.of(answer));
        } else {
            answer.print(out, record);
        }
        return answer.valid() ? ExitCode.OK : ExitCode.NO;
    }

    private ExplainedSchemas schemas() {
        if (schema != null && registryUrl == null) {
            return new ExplainedFile(schema, folder);
        } else if (schema == null && registryUrl != null && folder == null) {
            URI url = RegistryUrl.of("--registry", registryUrl);
            return new ExplainedByRegistry(registry.reader(url), url);
        }
        throw wrong("--schema FILE, or --registry URL: expected one of them; --schemas goes with --schema");
    }

    /** By what bytes that begin so may have in front: a payload that begins with 0 itself is rare. */
    private Explanation guessed(byte[] bytes, ExplainedSchemas schemas) {
        if (header != null) {
            throw wrong("--header: also --framing confluent-headers or apicurio-headers");
        }
        if (registryUrl != null) {
            return read(bytes, isLongId(bytes) ? "apicurio" : "confluent", schemas);
        } else if (bytes.length <= Integer.BYTES || bytes[0] != 0) {
            return read(bytes, "none", schemas);
        }
        Explanation likeliest = read(bytes, "confluent", schemas);
        Explanation other = likeliest.valid() ? likeliest : read(bytes, "apicurio", schemas);
        return other.valid() ? other : likeliest;
    }

    /** No registry gives out id 0, and none has given out four thousand million. */
    private static boolean isLongId(byte[] bytes) {
        return bytes.length > Long.BYTES
                && bytes[0] == 0
                && ByteBuffer.wrap(bytes).getInt(1) == 0;
    }

    private String known(String name) {
        Framing known = FRAMINGS.get(name);
        if (known == null) {
            throw wrong("--framing: expected none, confluent, confluent-headers, apicurio or apicurio-headers but was '"
                    + name + "'");
        }
        boolean inHeader = known == Framing.CONFLUENT_HEADERS || known == Framing.APICURIO_HEADERS;
        if (inHeader != (header != null)) {
            throw wrong("--framing " + name
                    + (inHeader
                            ? ": the schema stands in a header of the record; say with --header what that has"
                            : ": no header says the schema then, so --header has no use"));
        }
        if (known == Framing.NONE && registryUrl != null) {
            throw wrong("--framing none: the record says no schema to ask a registry for; --schema FILE, in its place");
        }
        return name;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Explanation read(byte[] bytes, String name, ExplainedSchemas schemas) {
        Framing read = FRAMINGS.getOrDefault(name, Framing.NONE);
        Framed framed = read.read(false, bytes, 0, bytes.length, headers(read));
        if (framed instanceof Framed.Payload payload) {
            return read(
                    bytes,
                    name,
                    payload,
                    schemas.find(payload.schema(), new Reading(read, message, true, Limits.DEFAULT)));
        }
        Told told = new Told(FRAMING, "", 0, "something else", "framing " + name);
        if (framed instanceof Framed.Unframed unframed) {
            told = new Told(FRAMING, "", 0, unframed.found(), unframed.expected());
        } else if (framed instanceof Framed.Unreadable unreadable) {
            told = new Told(FRAMING, "", 0, unreadable.found(), unreadable.expected());
        }
        return new Explanation(false, bytes.length, name, framing == null, null, 0, file(), null, null, told);
    }

    private Explanation read(
            byte[] bytes, String name, Framed.Payload payload, Optional<ExplainedSchemas.Named> found) {
        int from = payload.payloadOffset();
        SchemaRef said = payload.schema();
        ExplainedSchemas.Named by = found.orElse(null);
        Told told;
        if (by == null) {
            told = new Told(
                    "unknown-schema", "", 0, said.text() + ", which the registry does not have", "a registered schema");
        } else {
            Violation violation = by.validator().check(bytes, from, bytes.length - from);
            told = violation == null
                    ? null
                    : new Told(
                            violation.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            violation.path(),
                            from + violation.offsetBytes(),
                            violation.found(),
                            violation.expected());
        }
        return new Explanation(
                told == null,
                bytes.length,
                name,
                framing == null,
                id(said),
                from,
                by == null ? null : by.name(),
                by == null ? null : by.type(),
                by == null || by.type() == null ? null : by.subjects(),
                told);
    }

    private @Nullable String file() {
        return schema == null ? null : String.valueOf(schema.getFileName());
    }

    private static @Nullable String id(SchemaRef ref) {
        if (ref instanceof SchemaRef.Id id) {
            return Integer.toUnsignedString(id.id());
        } else if (ref instanceof SchemaRef.Guid guid) {
            return guid.guid().toString();
        }
        return ref instanceof SchemaRef.GlobalId id ? Long.toString(id.id()) : null;
    }

    private HeaderLookup headers(Framing read) {
        try {
            return header == null ? HeaderLookup.NONE : ExplainedHeader.parse(header, read);
        } catch (IllegalArgumentException e) {
            throw wrong("--header: " + e.getMessage());
        }
    }

    private byte[] bytes() {
        try (InputStream in = Files.newInputStream(record)) {
            byte[] read = in.readNBytes(BYTES_MAX + 1);
            if (read.length > BYTES_MAX) {
                throw new CommandFailure(
                        record + " has more than " + BYTES_MAX + " bytes; one key or value is expected");
            }
            String text = new String(read, StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return switch (kind()) {
                case BYTES -> read;
                case HEX -> HexFormat.of().parseHex(text);
                case BASE64 -> Base64.getDecoder().decode(text);
            };
        } catch (IOException e) {
            throw new CommandFailure(record + " cannot be read: " + FailureWords.ofFile(e), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(record + " is not " + input + ": " + e.getMessage(), e);
        }
    }

    private Input kind() {
        for (Input kind : Input.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(input)) {
                return kind;
            }
        }
        throw wrong("--input: expected bytes, hex or base64 but was '" + input + "'");
    }
}
