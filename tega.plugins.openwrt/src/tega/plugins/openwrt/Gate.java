package tega.plugins.openwrt;

/** Where the trials of several routers wait for each other. Calls block, with a deadline. */
interface Gate {
    /** Waits for nobody. */
    Gate OPEN = new Gate() {
        @Override
        public boolean apply() {
            return true;
        }

        @Override
        public boolean confirm() {
            return true;
        }
    };

    /** All is staged. True when the others are as far, and it may be applied now; false when it must not be. */
    boolean apply();

    /** The trial is proved. True when the others are too; false when all have to go back. */
    boolean confirm();

    /** There is nothing to do on this router: nobody needs to wait for it. */
    default void nothing() {}

    /** This one is over, however it ended; who has not come so far until now is against it. */
    default void leave() {}
}
