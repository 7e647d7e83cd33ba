package tega.deploy;

import java.time.Duration;
import java.time.Instant;

/** The clock of the deployment, its own: the part of the server that has one may be what is being exchanged. */
interface Time {
    /** The time of day, for people. */
    Instant now();

    /** Nanoseconds that only ever go forward. */
    long nanos();

    /** Waits; less when the thread is interrupted, which it then still is. */
    void pause(Duration duration);
}
