package tega.plugins.openwrt;

import java.io.IOException;
import tega.api.ObjectValue;

/**
 * The bus of a router, as the one user that tega has there. Calls block; each has a deadline of its own. One thread at a time.
 */
interface Ubus {
    /**
     * Calls a method of an object of the bus.
     *
     * @throws Refusal when the router says no
     * @throws IOException when it cannot be asked, or its answer did not come: then it may have been done
     */
    ObjectValue call(String object, String method, ObjectValue args) throws IOException;

    /** Begins anew with the router: logs in, wherever it is reached at {@code url} from now on. */
    void login(String url) throws IOException;

    /** Hears what an object of the bus tells of itself. Called one at a time, by any thread; must be quick. */
    interface Listener {
        /** The object told {@code data}. */
        void happened(String event, ObjectValue data);

        /** Nothing more will be told. */
        void ended(IOException reason);
    }

    /** Listens to an object of the bus until closed. A bus that cannot tell of events tells of none. */
    default AutoCloseable listen(String object, Listener listener) throws IOException {
        return () -> {};
    }

    /** What the bus answers when it does not do what it was asked. */
    final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        /** Status codes of the bus. */
        static final int INVALID = 2;

        static final int NOT_FOUND = 4;
        static final int NO_DATA = 5;
        static final int DENIED = 6;

        private final int status;

        Refusal(int status, String sentence) {
            super(sentence);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
