package dev.weir.testkit.leak;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void aBufferThatNobodyReleasedIsFoundOnce() {
        forget(ByteBufAllocator.DEFAULT);

        assertThatThrownBy(LeakRecorder::requireNone)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nobody released")
                .hasMessageContaining("LeakCheckTest.forget");
        assertThatCode(LeakRecorder::requireNone).doesNotThrowAnyException();
    }

    private static void forget(ByteBufAllocator allocator) {
        allocator.directBuffer(16).writeInt(7);
    }

    @Test
    void whatIsReleasedOrStillInUseIsNoLeak() {
        ByteBufAllocator.DEFAULT.heapBuffer(16).release();
        ByteBuf inUse = ByteBufAllocator.DEFAULT.directBuffer(16);

        assertThatCode(LeakRecorder::requireNone).doesNotThrowAnyException();

        inUse.release();
    }
}
