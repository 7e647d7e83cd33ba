package tega.api;

/** A JSON true or false; there is one object of each. */
public final class BooleanValue implements Value {
    static final BooleanValue TRUE = new BooleanValue(true);
    static final BooleanValue FALSE = new BooleanValue(false);

    private final boolean truth;

    private BooleanValue(boolean truth) {
        this.truth = truth;
    }

    /** The Java value. */
    public boolean truth() {
        return truth;
    }

    @Override
    public String kind() {
        return "boolean";
    }

    @Override
    public String toString() {
        return Boolean.toString(truth);
    }
}
