package dev.weir.cli.mesh;

/** Ends and starts the topology of a running mesh, for tests of other packages. */
public final class TopologySwitch {

    private TopologySwitch() {}

    public static void off(Mesh mesh) {
        mesh.closeTopology();
    }

    public static void on(Mesh mesh) {
        mesh.openTopology();
    }
}
