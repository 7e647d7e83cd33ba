package tega.plugins.net;

/**
 * One step of a plan.
 *
 * @param phase when it comes
 * @param space in which namespace
 * @param text the command, as its tool takes it in a batch
 * @param reason why, for people
 * @param input what the command reads, "" for nothing
 */
public record Op(Phase phase, String space, String text, String reason, String input) {
    /** The order of steps, and the tool that does them. */
    public enum Phase {
        /** Routing daemons end. */
        FRR_END(Tool.FRR),
        /** Routes go. */
        ROUTE_END(Tool.IP),
        /** Interfaces go. */
        LINK_END(Tool.IP),
        /** Namespaces go. */
        SPACE_END(Tool.IP),
        /** Namespaces come. */
        SPACE(Tool.IP),
        /** Interfaces come. */
        LINK(Tool.IP),
        /** Interfaces get what they have. */
        SHAPE(Tool.IP),
        /** Tunnels learn of their other ends. */
        FLOOD(Tool.BRIDGE),
        /** Switches of the kernel. */
        SYSCTL(Tool.SYSCTL),
        /** Tables of the packet filter. */
        NFT(Tool.NFT),
        /** Routes come. */
        ROUTE(Tool.IP),
        /** Routing daemons begin or change. */
        FRR(Tool.FRR);

        private final Tool tool;

        Phase(Tool tool) {
            this.tool = tool;
        }

        Tool tool() {
            return tool;
        }
    }

    /** What does a step. */
    enum Tool {
        IP,
        BRIDGE,
        SYSCTL,
        NFT,
        FRR
    }

    Op(Phase phase, String space, String text, String reason) {
        this(phase, space, text, reason, "");
    }

    /** For people: where and what. */
    @Override
    public String toString() {
        return (space.isEmpty() ? "" : space + ": ") + text;
    }
}
