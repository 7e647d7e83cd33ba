package tega.api;

/** The JSON null. */
public final class NullValue implements Value {
    static final NullValue INSTANCE = new NullValue();

    private NullValue() {}

    @Override
    public String kind() {
        return "null";
    }

    @Override
    public String toString() {
        return "null";
    }
}
