package tega.plugins.openwrt;

import java.util.Locale;

/** Where an application of a configuration stands. */
enum Stage {
    /** Nothing was ever applied, or nothing had to be. */
    IDLE,
    /** What is to be done is known. */
    PLANNED,
    /** The router holds it, seen by nobody yet. */
    STAGED,
    /** The router runs it, and takes it back unless it is confirmed in time. */
    TRIAL,
    /** The router runs it for good. */
    CONFIRMED,
    /** The router runs what it ran before. */
    ROLLED_BACK,
    /** It was not applied. */
    FAILED,
    /** The router does not answer; what it runs will be seen when it does. */
    UNREACHABLE;

    /** As the tree writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The stage that the tree calls {@code text}; IDLE for what it does not know. */
    static Stage of(String text) {
        for (var stage : values()) {
            if (stage.toString().equals(text)) {
                return stage;
            }
        }
        return IDLE;
    }

    /** Whether a run that stands here is not over. */
    boolean isUnderWay() {
        return this == PLANNED || this == STAGED || this == TRIAL || this == UNREACHABLE;
    }
}
