package dev.weir.bench.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time and memory of processes, from {@code /proc}. */
final class Cpu {
    private static final Path PROC = Path.of("/proc");
    /** USER_HZ: what {@code /proc} counts in is fixed for user space, whatever the kernel's own tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    private Cpu() {}

    /** utime + stime of a process, with all threads it ever had; 0 for none. */
    static double seconds(long pid) {
        if (pid == 0) {
            return 0;
        }
        String stat = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
        // the name, in parentheses, may hold anything
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
    }

    /** Of the whole machine: all that was not idle. */
    static double busySeconds() {
        String[] fields =
                read(PROC.resolve("stat")).lines().findFirst().orElse("").trim().split(" +", -1);
        long ticks = 0;
        for (int i = 1; i < fields.length && i <= 8; i++) {
            if (i - 1 != IDLE && i - 1 != IO_WAIT) {
                ticks += Long.parseLong(fields[i]);
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    static double residentKilobytes(long pid) {
        return read(PROC.resolve(Long.toString(pid)).resolve("status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; the end-to-end runs need Linux", e);
        }
    }
}
