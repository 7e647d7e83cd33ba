package tega.deploy;

import java.util.Locale;

/** How far a release has come. What is on trial is in one of the first six; the others are where it ends. */
enum Stage {
    /** Its jar is in the depot, durably. */
    STAGED,
    /** It is what it was said to be, by somebody who may. */
    VERIFIED,
    /** It fits what is there; which bundles restart is known. */
    PLANNED,
    /** It is in the framework in place of what was before. */
    INSTALLED,
    /** It runs. */
    STARTED,
    /** All of it works, for the first time. */
    HEALTHY,
    /** It was well for as long as asked: it is what starts with the server from now on. */
    COMMITTED,
    /** It was tried and taken back; what was before runs again. */
    ROLLED_BACK,
    /** It was not tried: nothing was stopped. */
    REFUSED,
    /** It is not there any more. */
    REMOVED;

    /** Whether it is on its way. */
    boolean onTrial() {
        return compareTo(COMMITTED) < 0;
    }

    /** As it is shown and written down. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Stage of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
