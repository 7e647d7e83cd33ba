package tega.plugins.openwrt;

import java.io.IOException;

/** Proves that a router on trial is not cut off, beyond that it answers: that whoever controls this server still does. */
@FunctionalInterface
interface Prober {
    /** Asks for nothing. */
    Prober NONE = () -> {};

    /** @throws IOException that says what is cut off */
    void prove() throws IOException;
}
