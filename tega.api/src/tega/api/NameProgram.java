package tega.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link NameExpression}: instructions run over a name for all alternatives at once, the preferred first (K. Thompson
 * 1968, as R. Pike's sam has it). No instruction runs twice at one place of the name, so there is nothing to backtrack.
 */
final class NameProgram {
    private static final int MOST_STEPS = 1000;

    /** What one instruction does; {@code next} continues it. */
    sealed interface Step {
        /** Takes one character. */
        record Take(IntPredicate what, int next) implements Step {}

        /** Goes both ways, {@code first} preferred. */
        record Fork(int first, int second) implements Step {}

        /** Notes the place in {@code slot}. */
        record Note(int slot, int next) implements Step {}

        /** Goes on where {@code what} holds. */
        record Check(Place what, int next) implements Step {}

        /** The name is matched. */
        record Done() implements Step {}
    }

    /** Where in a name one can be. */
    enum Place {
        START,
        END,
        LINE_END,
        WORD_EDGE,
        NO_WORD_EDGE;

        boolean at(String name, int at) {
            return switch (this) {
                case START -> at == 0;
                case END -> at == name.length();
                case LINE_END -> at == name.length() || (at == name.length() - 1 && name.charAt(at) == '\n');
                case WORD_EDGE -> isWordEdge(name, at);
                case NO_WORD_EDGE -> !isWordEdge(name, at);
            };
        }

        private static boolean isWordEdge(String name, int at) {
            var before = at > 0 && NameExpressionText.isWord(name.codePointBefore(at));
            var after = at < name.length() && NameExpressionText.isWord(name.codePointAt(at));
            return before != after;
        }
    }

    /** A way through the program that has come to instruction {@code at}. */
    private static final class Way {
        final int at;
        final int[] caught;

        Way(int at, int[] caught) {
            this.at = at;
            this.caught = caught;
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private int start;
    private int groups;

    /** Adds an instruction and tells its number; programs are made from the end to the start. */
    int add(Step step) {
        if (steps.size() == MOST_STEPS) {
            throw new TegaException.LimitExceeded(
                    "the expression has more than " + MOST_STEPS + " steps when its repetitions are written out");
        }
        steps.add(step);
        return steps.size() - 1;
    }

    /** Sets the ways of a loop's fork once its body is there. */
    void replace(int number, Step step) {
        steps.set(number, step);
    }

    NameProgram complete(int first, int groupCount) {
        start = first;
        groups = groupCount;
        return this;
    }

    /** Start and end of each group, -1 where it caught nothing; null when no prefix of {@code name} matches. */
    int @Nullable [] run(String name, Budget budget) {
        var none = new int[2 * groups];
        Arrays.fill(none, -1);
        var seenAt = new int[steps.size()];
        Arrays.fill(seenAt, -1);
        var ways = new ArrayList<Way>();
        var next = new ArrayList<Way>();
        follow(new Way(start, none), name, 0, seenAt, ways, budget);
        int[] best = null;
        for (var at = 0; !ways.isEmpty(); ) {
            var c = at < name.length() ? name.codePointAt(at) : -1;
            var after = at + (c < 0 ? 1 : Character.charCount(c));
            for (var way : ways) {
                if (steps.get(way.at) instanceof Step.Take take) {
                    if (c >= 0 && take.what().test(c)) {
                        follow(new Way(take.next(), way.caught), name, after, seenAt, next, budget);
                    }
                } else {
                    best = way.caught;
                    break; // the ways after it are less preferred
                }
            }
            var empty = ways;
            ways = next;
            next = empty;
            next.clear();
            at = after;
        }
        return best;
    }

    /** Adds to {@code ways} every place that {@code from} comes to without taking a character, in order of preference. */
    private void follow(Way from, String name, int at, int[] seenAt, List<Way> ways, Budget budget) {
        Deque<Way> open = new ArrayDeque<>();
        open.push(from);
        while (!open.isEmpty()) {
            var way = open.pop();
            budget.spend();
            if (seenAt[way.at] == at) {
                continue;
            }
            seenAt[way.at] = at;
            var step = steps.get(way.at);
            if (step instanceof Step.Fork fork) {
                open.push(new Way(fork.second(), way.caught));
                open.push(new Way(fork.first(), way.caught));
            } else if (step instanceof Step.Note note) {
                var caught = way.caught.clone();
                caught[note.slot()] = at;
                open.push(new Way(note.next(), caught));
            } else if (step instanceof Step.Check check) {
                if (check.what().at(name, at)) {
                    open.push(new Way(check.next(), way.caught));
                }
            } else {
                ways.add(way);
            }
        }
    }
}
