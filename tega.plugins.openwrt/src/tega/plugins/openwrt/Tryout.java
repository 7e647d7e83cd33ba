package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tega.plugins.openwrt.uci.UciPackage;

/** How a router runs a configuration that it may have to give back. */
sealed interface Tryout permits FlashTryout, MemoryTryout {
    /**
     * What is tried.
     *
     * @param old what the router had, package by package; empty when that is not known
     * @param goals what it is to have
     */
    record Subject(Map<String, UciPackage> old, Map<String, UciPackage> goals) {
        List<String> names() {
            return List.copyOf(goals.keySet());
        }
    }

    /** Before anything counts. */
    void prepare(Subject subject) throws IOException;

    /**
     * Has the router run the goals, which are staged, and take them back after {@code window} unless they are kept.
     *
     * @throws Ubus.Refusal when it surely does not
     */
    void begin(Subject subject, Duration window) throws IOException;

    /** Makes sure that it runs them, when whoever began that is gone. */
    void again(Subject subject) throws IOException;

    /**
     * Makes it keep them; {@code proof} is asked once more where that takes several steps. False when that failed and the router
     * takes them back.
     *
     * @throws Ubus.Refusal when it has taken them back already
     */
    boolean keep(Subject subject, Prober proof) throws IOException;

    /** Makes it give them back, as far as it has to be told: on request, or because they could not be proved. */
    void giveBack(Subject subject, boolean requested) throws IOException;
}
