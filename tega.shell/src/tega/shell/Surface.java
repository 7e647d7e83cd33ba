package tega.shell;

/** Where lines are put. */
@FunctionalInterface
interface Surface {
    /** Puts one line, or several with line ends between them, which stay together. */
    void line(String text);

    /** Puts what stands on the last line and will be written over; nothing where that cannot be. */
    default void sketch(String text) {}

    /** The same for what comes as it happens, and of which no page is ever full. */
    default Surface live() {
        return this;
    }
}
