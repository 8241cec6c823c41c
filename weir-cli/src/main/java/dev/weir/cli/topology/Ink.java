package dev.weir.cli.topology;

import picocli.CommandLine.Help.Ansi;

/** Colours, where a terminal shows them. They only repeat what words say. */
record Ink(boolean on) {

    /** On a terminal, unless {@code NO_COLOR} is set. */
    static Ink ofTerminal() {
        return new Ink(Ansi.AUTO.enabled());
    }

    String good(String text) {
        return paint("32", text);
    }

    String warn(String text) {
        return paint("33", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    /** Moves to the upper left corner of an empty screen; a blank line where there is no screen. */
    String newPage() {
        return on ? "\u001b[H\u001b[2J\u001b[3J" : "";
    }

    private String paint(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
