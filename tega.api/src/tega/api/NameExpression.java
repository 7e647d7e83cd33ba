package tega.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A regular expression for one name, matched from the name's start: a prefix of the name is enough, {@code $} asks for all of
 * it. The syntax is what Python's {@code re} and {@code java.util.regex} have in common: literals, {@code .}, classes, {@code
 * \d \w \s \b} and their opposites, groups, alternatives, greedy and lazy repetition, {@code ^ $}, and {@code (?i)} first.
 *
 * <p>Look-around and back references are {@code INVALID}: without them a match takes time in proportion to the length of the
 * name times that of the expression, whatever they are. An expression that is too large when its counted repetitions are
 * written out is {@code LIMIT}.
 */
public final class NameExpression {
    private final String text;
    private final NameProgram program;

    private NameExpression(String text, NameProgram program) {
        this.text = text;
        this.program = program;
    }

    /** Reads an expression; {@code INVALID} saying what is wrong and where. */
    public static NameExpression parse(String text) {
        return new NameExpression(text, new NameExpressionText(text).read());
    }

    /**
     * The groups caught, when it matches {@code name} from its start; a group that took no part is the empty string. {@code
     * LIMIT} when {@code budget} ends first.
     */
    Optional<List<String>> match(String name, Budget budget) {
        var caught = program.run(name, budget);
        if (caught == null) {
            return Optional.empty();
        }
        var groups = new ArrayList<String>(caught.length / 2);
        for (var i = 0; i < caught.length; i += 2) {
            groups.add(caught[i + 1] < 0 ? "" : name.substring(caught[i], caught[i + 1]));
        }
        return Optional.of(Collections.unmodifiableList(groups));
    }

    /** The expression as it was given. */
    public String pattern() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NameExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The expression as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
