package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.junit.jupiter.api.Test;

/** Headers that are there in part, that have unknown tagged fields, and that are not headers. */
class FrameHeaderTest {

    private final RequestHeader request = new RequestHeader();
    private final ResponseHeader response = new ResponseHeader();

    @Test
    void everyKindOfRequestAsMuchOfItAsThereIs() {
        for (ApiMessageType api : ApiMessageType.values()) {
            for (short v = 0; v <= api.highestSupportedVersion(true); v++) {
                if (new MessageSpecs().knows(api.apiKey(), v)) {
                    readsAtEveryLength(api, v);
                }
            }
        }
    }

    private void readsAtEveryLength(ApiMessageType api, short version) {
        short headerVersion = api.requestHeaderVersion(version);
        RequestHeaderData data = new RequestHeaderData()
                .setRequestApiKey(api.apiKey())
                .setRequestApiVersion(version)
                .setCorrelationId(-5)
                .setClientId(version % 2 == 0 ? null : "çlient");
        if (headerVersion >= 2) {
            data.unknownTaggedFields().add(new RawTaggedField(300, new byte[200]));
        }
        ByteBuf header = RandomMessages.encode(data, headerVersion);
        int length = header.readableBytes();
        ByteBuf in = Unpooled.buffer().writeInt(length + 50).writeBytes(header).writeZero(50);
        for (int available = 0; available < length; available++) {
            assertThat(request.read(in, 4, available, length + 50)).isEqualTo(RequestHeader.NEED_MORE);
        }
        assertThat(request.read(in, 4, length, length + 50)).isEqualTo(length);
        assertThat(request.read(in, 4, length + 54, length + 50)).isEqualTo(length);
        assertThat(request.apiKey()).isEqualTo(api.apiKey());
        assertThat(request.apiVersion()).isEqualTo(version);
        assertThat(request.correlationId()).isEqualTo(-5);
        assertThat(request.clientId()).isEqualTo(data.clientId());
        assertThat(request.headerVersion()).isEqualTo(headerVersion);
    }

    @Test
    void theSameClientIdIsTheSameString() {
        assertThat(read(header(ApiKeys.HEARTBEAT, 0, "shop"))).isPositive();
        String first = request.clientId();
        assertThat(read(header(ApiKeys.HEARTBEAT, 0, "shop"))).isPositive();
        assertThat(request.clientId()).isSameAs(first);
        assertThat(read(header(ApiKeys.HEARTBEAT, 0, "shoq"))).isPositive();
        assertThat(request.clientId()).isEqualTo("shoq");
    }

    @Test
    void anApiVersionsRequestOfTheFutureHasTheLatestHeader() {
        ByteBuf in = header(ApiKeys.API_VERSIONS, 99, "c").writeByte(0);
        assertThat(read(in)).isEqualTo(in.readableBytes());
        assertThat(request.apiVersion()).isEqualTo((short) 99);
    }

    @Test
    void unknownApiKeys() {
        for (int apiKey : new int[] {-1, 4, 7, 93, 32767, -32768}) {
            ByteBuf in = Unpooled.buffer()
                    .writeShort(apiKey)
                    .writeShort(0)
                    .writeInt(1)
                    .writeShort(-1);
            assertThatThrownBy(() -> read(in))
                    .isInstanceOf(MalformedFrameException.class)
                    .hasMessage("request of unknown api key " + apiKey);
        }
    }

    @Test
    void lengthsThatLie() {
        refused("too short for a header", Unpooled.buffer().writeZero(7));
        refused("a client id of 500 bytes", header(ApiKeys.HEARTBEAT, 0).writeShort(500));
        refused("does not end with the frame", header(ApiKeys.HEARTBEAT, 4).writeShort(-1));
        refused(
                "5 tagged fields",
                header(ApiKeys.HEARTBEAT, 4).writeShort(-1).writeByte(5).writeZero(4));
        refused(
                "a tagged field of 9 bytes",
                header(ApiKeys.HEARTBEAT, 4)
                        .writeShort(-1)
                        .writeByte(1)
                        .writeByte(7)
                        .writeByte(9));
        refused(
                "a varint of more than 5",
                header(ApiKeys.HEARTBEAT, 4).writeShort(-1).writeBytes(new byte[] {-1, -1, -1, -1, -1, 0}));
    }

    @Test
    void aHeaderWithoutEnd() {
        ByteBuf in = header(ApiKeys.HEARTBEAT, 4).writeShort(-1);
        Varints.write(in, 1);
        Varints.write(in, 7);
        Varints.write(in, 1 << 20);
        in.writeZero(1 << 20);
        assertThat(request.read(in, 0, 1000, in.readableBytes())).isEqualTo(RequestHeader.NEED_MORE);
        assertThatThrownBy(() -> request.read(in, 0, RequestHeader.LENGTH_BYTES_MAX, in.readableBytes()))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("more than 65536 bytes");
    }

    @Test
    void responseHeaders() {
        ResponseHeaderData data = new ResponseHeaderData().setCorrelationId(77);
        assertThat(response.read(RandomMessages.encode(data, (short) 0), 0, 4, 4, (short) 0))
                .isEqualTo(4);
        data.unknownTaggedFields().add(new RawTaggedField(9, new byte[3]));
        ByteBuf in = RandomMessages.encode(data, (short) 1);
        int length = in.readableBytes();
        for (int available = 0; available < length; available++) {
            assertThat(response.read(in, 0, available, length + 9, (short) 1)).isEqualTo(ResponseHeader.NEED_MORE);
        }
        assertThat(response.read(in, 0, length, length + 9, (short) 1)).isEqualTo(length);
        assertThat(response.correlationId()).isEqualTo(77);
        assertThatThrownBy(() -> response.read(in, 0, 3, 3, (short) 1)).isInstanceOf(MalformedFrameException.class);
        assertThatThrownBy(() -> response.read(in, 0, 4, 4, (short) 1)).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void aFrameOfTheCodecHasTheHeaderOfItsVersion() {
        MessageCodec codec = new MessageCodec(new MessageSpecs());
        ByteBuf frame = codec.encodeResponse(
                UnpooledByteBufAllocator.DEFAULT,
                ApiKeys.HEARTBEAT.id,
                (short) 4,
                3,
                ApiMessageType.HEARTBEAT.newResponse());
        short headerVersion = MessageCodec.responseHeaderVersion(ApiKeys.HEARTBEAT.id, (short) 4);
        assertThat(response.read(frame, 4, frame.readableBytes() - 4, frame.getInt(0), headerVersion))
                .isEqualTo(5);
        frame.release();
    }

    private void refused(String reason, ByteBuf in) {
        assertThatThrownBy(() -> read(in))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(reason);
    }

    private int read(ByteBuf in) {
        return request.read(in, 0, in.readableBytes(), in.readableBytes());
    }

    private static ByteBuf header(ApiKeys api, int version) {
        return Unpooled.buffer().writeShort(api.id).writeShort(version).writeInt(12);
    }

    private static ByteBuf header(ApiKeys api, int version, String clientId) {
        byte[] utf8 = clientId.getBytes(StandardCharsets.UTF_8);
        return header(api, version).writeShort(utf8.length).writeBytes(utf8);
    }
}
