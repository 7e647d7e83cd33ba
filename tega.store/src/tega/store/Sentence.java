package tega.store;

import java.util.List;
import java.util.stream.Collectors;

/** Pieces of the sentences in errors. */
final class Sentence {
    private static final int MOST = 5;

    private Sentence() {}

    /** {@code 'a', 'b' and 7 more}. */
    static String list(List<?> things) {
        var named = things.stream().limit(MOST).map(thing -> "'" + thing + "'").collect(Collectors.joining(", "));
        return things.size() <= MOST ? named : named + " and " + (things.size() - MOST) + " more";
    }
}
