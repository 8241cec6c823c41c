package dev.weir.proxy;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PoolChunkListMetric;
import io.netty.buffer.PoolChunkMetric;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * What this JVM holds at a moment.
 *
 * @param heapBytes objects that survive a collection
 * @param bufferBytes Netty's pooled direct buffers that are in use, or in a thread's cache
 */
record MemoryUse(long heapBytes, long bufferBytes) {

    static MemoryUse now() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new MemoryUse(runtime.totalMemory() - runtime.freeMemory(), buffers());
    }

    /** The part of Netty's pooled direct memory that is handed out; as {@link #now}, without a collection. */
    static long buffers() {
        long used = 0;
        for (PoolArenaMetric arena : PooledByteBufAllocator.DEFAULT.metric().directArenas()) {
            for (PoolChunkListMetric list : arena.chunkLists()) {
                for (PoolChunkMetric chunk : list) {
                    used += chunk.chunkSize() - chunk.freeBytes();
                }
            }
        }
        return used;
    }

    @Override
    public String toString() {
        return "heap " + heapBytes / 1024 + " KiB, buffers " + bufferBytes / 1024 + " KiB";
    }
}
