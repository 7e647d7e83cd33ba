package tega.launcher;

import java.util.List;
import java.util.NoSuchElementException;

/** The words of a command line, taken one by one. */
final class Arguments {
    private final List<String> words;
    private int next;

    Arguments(List<String> words) {
        this.words = List.copyOf(words);
    }

    boolean hasNext() {
        return next < words.size();
    }

    /** Is there a next word, and is it no option? */
    boolean hasNextValue() {
        return hasNext() && !words.get(next).startsWith("-");
    }

    String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return words.get(next++);
    }
}
