package tega.api;

import java.util.Objects;

/** A JSON string: any sequence of UTF-16 code units, lone surrogates included (they travel as {@code \ud800}). */
public final class StringValue implements Value {
    private final String text;

    StringValue(String text) {
        this.text = Objects.requireNonNull(text);
    }

    /** The text. */
    public String text() {
        return text;
    }

    @Override
    public String kind() {
        return "string";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StringValue that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return JsonText.of(this);
    }
}
