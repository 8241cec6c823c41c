package dev.weir.schema.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FramingTest {
    private static final UUID GUID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @Test
    void readsTheIdInFront() {
        assertThat(read(Framing.CONFLUENT_PREFIX, "00 00 00 01 02 61", HeaderLookup.NONE))
                .isEqualTo(new Framed.Payload(new SchemaRef.Id(258), 5));
        assertThat(read(Framing.APICURIO, "00 00 00 00 00 00 00 01 02", HeaderLookup.NONE))
                .isEqualTo(new Framed.Payload(new SchemaRef.GlobalId(258), 9));
        assertThat(read(Framing.NONE, "", HeaderLookup.NONE))
                .isEqualTo(new Framed.Payload(new SchemaRef.Declared(), 0));
    }

    @Test
    void readsTheGuidInTheHeaderOfKeyOrValue() {
        byte[] header = HexFormat.of().parseHex("0100112233445566778899aabbccddeeff");
        assertThat(read(Framing.CONFLUENT_HEADERS, "61", name -> name.equals(Framing.VALUE_HEADER) ? header : null))
                .isEqualTo(new Framed.Payload(new SchemaRef.Guid(GUID), 0));
        assertThat(Framing.CONFLUENT_HEADERS.read(
                        true, new byte[0], 0, 0, name -> name.equals(Framing.KEY_HEADER) ? header : null))
                .isEqualTo(new Framed.Payload(new SchemaRef.Guid(GUID), 0));
    }

    /** As Confluent's serializers of Protobuf write it: the message indexes stand behind the GUID, and not in the payload. */
    @Test
    void readsTheMessageIndexesBehindTheGuid() {
        assertThat(guidAnd("00")).isEqualTo(new Framed.Payload(new SchemaRef.Guid(GUID, List.of(0)), 0));
        assertThat(guidAnd("02 04")).isEqualTo(new Framed.Payload(new SchemaRef.Guid(GUID, List.of(2)), 0));
        assertThat(guidAnd("06 02 80 02 00"))
                .isEqualTo(new Framed.Payload(new SchemaRef.Guid(GUID, List.of(1, 128, 0)), 0));
        for (String broken : List.of("02", "01", "02 01", "02 80", "02 02 02", "80 02 00", "ff ff ff ff ff 0f")) {
            assertThat(guidAnd(broken)).as(broken).isInstanceOf(Framed.Unreadable.class);
        }
    }

    private static Framed guidAnd(String indexes) {
        byte[] header = HexFormat.of().parseHex("0100112233445566778899aabbccddeeff" + indexes.replace(" ", ""));
        return read(Framing.CONFLUENT_HEADERS, "61", name -> name.equals(Framing.VALUE_HEADER) ? header : null);
    }

    @Test
    void readsTheGlobalIdInTheHeaderOfKeyOrValue() {
        byte[] header = HexFormat.of().parseHex("0000000000000102");
        assertThat(read(Framing.APICURIO_HEADERS, "61", name -> name.equals("apicurio.value.globalId") ? header : null))
                .isEqualTo(new Framed.Payload(new SchemaRef.GlobalId(258), 0));
        assertThat(Framing.APICURIO_HEADERS.read(
                        true, new byte[0], 0, 0, name -> name.equals("apicurio.key.globalId") ? header : null))
                .isEqualTo(new Framed.Payload(new SchemaRef.GlobalId(258), 0));
        assertThat(read(
                        Framing.APICURIO_HEADERS,
                        "61",
                        name -> name.equals("apicurio.value.contentId") ? header : null))
                .isEqualTo(new Framed.Payload(new SchemaRef.Id(258), 0));
        byte[] tooLarge = HexFormat.of().parseHex("0000000080000000");
        for (byte[] broken : List.of(tooLarge, new byte[4])) {
            assertThat(read(
                            Framing.APICURIO_HEADERS,
                            "61",
                            name -> name.equals("apicurio.value.contentId") ? broken : null))
                    .isInstanceOf(Framed.Unreadable.class);
        }
        assertThat(read(Framing.APICURIO_HEADERS, "61", HeaderLookup.NONE)).isInstanceOf(Framed.Unframed.class);
        assertThat(read(
                        Framing.APICURIO_HEADERS,
                        "61",
                        name -> name.equals("apicurio.value.globalId") ? new byte[3] : null))
                .isInstanceOf(Framed.Unreadable.class);
    }

    /** Deserializers take the content id first, then the hash, then the global id: each may say another schema. */
    @Test
    void doesNotChooseBetweenHeadersThatSayDifferentSchemas() {
        byte[] id = HexFormat.of().parseHex("0000000000000102");
        for (Set<String> several : List.of(
                Set.of("globalId", "contentId"),
                Set.of("globalId", "contentHash"),
                Set.of("contentId", "contentHash"),
                Set.of("globalId", "contentId", "contentHash"))) {
            for (boolean key : new boolean[] {true, false}) {
                String side = key ? "apicurio.key." : "apicurio.value.";
                assertThat(Framing.APICURIO_HEADERS.read(
                                key,
                                new byte[0],
                                0,
                                0,
                                name -> name.startsWith(side) && several.contains(name.substring(side.length()))
                                        ? id
                                        : null))
                        .as("%s %s", side, several)
                        .isEqualTo(new Framed.Unreadable(
                                "more than one of the headers " + side + "globalId, " + side + "contentId and " + side
                                        + "contentHash",
                                "one, since each may say another schema"));
            }
        }
        assertThat(read(
                        Framing.APICURIO_HEADERS,
                        "61",
                        name -> name.equals("apicurio.key.contentId") || name.equals("apicurio.value.globalId")
                                ? id
                                : null))
                .as("those of the key have nothing to do with the value")
                .isEqualTo(new Framed.Payload(new SchemaRef.GlobalId(258), 0));
    }

    @Test
    void saysWhatIsThereInstead() {
        assertThat(read(Framing.CONFLUENT_PREFIX, "7b 22 69 64 22 3a", HeaderLookup.NONE))
                .isEqualTo(new Framed.Unframed(
                        "6 bytes that begin with 0x7b", "0x00 and a schema id of 4 bytes in front"));
        assertThat(read(Framing.CONFLUENT_PREFIX, "00 00 00 01", HeaderLookup.NONE))
                .isInstanceOf(Framed.Unreadable.class);
        assertThat(read(Framing.APICURIO, "", HeaderLookup.NONE))
                .isEqualTo(new Framed.Unframed("0 bytes", "0x00 and a schema id of 8 bytes in front"));
        assertThat(read(Framing.CONFLUENT_HEADERS, "61", HeaderLookup.NONE))
                .isEqualTo(new Framed.Unframed("no header __value_schema_id", "0x01 and a GUID of 16 bytes in it"));
        assertThat(read(Framing.CONFLUENT_HEADERS, "61", name -> new byte[] {1, 2}))
                .isEqualTo(new Framed.Unreadable(
                        "header __value_schema_id of 2 bytes that begin with 0x01",
                        "0x01 and a GUID of 16 bytes in it"));
    }

    private static Framed read(Framing framing, String hex, HeaderLookup headers) {
        byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] bytes = new byte[payload.length + 2];
        System.arraycopy(payload, 0, bytes, 1, payload.length);
        return framing.read(false, bytes, 1, payload.length, headers);
    }
}
