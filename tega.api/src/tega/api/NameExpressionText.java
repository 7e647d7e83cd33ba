package tega.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Reads a {@link NameExpression} and writes its program. */
final class NameExpressionText {
    private static final int DEEPEST = 50;
    private static final int MOST_GROUPS = 50;
    private static final int MOST_TIMES = 1000;
    private static final int MOST_WORK = 20_000;
    private static final int UNBOUNDED = -1;

    /** A part of an expression. */
    private sealed interface Node {
        record One(IntPredicate what) implements Node {}

        record At(NameProgram.Place where) implements Node {}

        record Group(int number, Node body) implements Node {}

        record Sequence(List<Node> parts) implements Node {}

        record Choice(List<Node> alternatives) implements Node {}

        record Repeat(Node body, int least, int most, boolean greedy) implements Node {}
    }

    private final String text;
    private final NameProgram program = new NameProgram();
    private int at;
    private int depth;
    private int groups;
    private int work;
    private boolean ignoreCase;

    NameExpressionText(String text) {
        this.text = text;
    }

    NameProgram read() {
        ignoreCase = skip("(?i)");
        var node = choice();
        if (at < text.length()) {
            throw invalid("has a ')' without its '('");
        }
        var done = program.add(new NameProgram.Step.Done());
        return program.complete(write(node, done), groups);
    }

    static boolean isWord(int c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private Node choice() {
        if (++depth > DEEPEST) {
            throw new TegaException.LimitExceeded(
                    "the expression '" + text + "' has groups more than " + DEEPEST + " deep");
        }
        var alternatives = new ArrayList<Node>();
        do {
            alternatives.add(sequence());
        } while (skip("|"));
        depth--;
        return alternatives.size() == 1 ? alternatives.get(0) : new Node.Choice(alternatives);
    }

    private Node sequence() {
        var parts = new ArrayList<Node>();
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            parts.add(repeated(single()));
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Sequence(parts);
    }

    private Node repeated(Node body) {
        int least;
        int most;
        var times = at;
        if (skip("*")) {
            least = 0;
            most = UNBOUNDED;
        } else if (skip("+")) {
            least = 1;
            most = UNBOUNDED;
        } else if (skip("?")) {
            least = 0;
            most = 1;
        } else if (skipTimes()) {
            var comma = text.indexOf(',', times);
            var end = at - 1;
            var single = comma < 0 || comma > end;
            least = times(times + 1, single ? end : comma, 0);
            most = single ? least : times(comma + 1, end, UNBOUNDED);
        } else {
            return body;
        }
        if (most != UNBOUNDED && most < least) {
            throw invalid("repeats at least " + least + " and at most " + most + " times");
        }
        var greedy = !skip("?");
        var here = at;
        if (skip("*") || skip("+") || skip("?") || skipTimes()) {
            at = here;
            throw invalid("repeats a repetition");
        }
        return new Node.Repeat(body, least, most, greedy);
    }

    /** Steps over {@code {2}}, {@code {2,}}, {@code {,3}} or {@code {2,3}}; any other brace is a character. */
    private boolean skipTimes() {
        if (at == text.length() || text.charAt(at) != '{') {
            return false;
        }
        var end = digits(at + 1);
        var some = end > at + 1;
        if (end < text.length() && text.charAt(end) == ',') {
            var second = end + 1;
            end = digits(second);
            some |= end > second;
        }
        if (!some || end == text.length() || text.charAt(end) != '}') {
            return false;
        }
        at = end + 1;
        return true;
    }

    private int digits(int from) {
        var end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private int times(int from, int to, int otherwise) {
        if (from == to) {
            return otherwise;
        }
        if (to - from > 4 || Integer.parseInt(text, from, to, 10) > MOST_TIMES) {
            throw new TegaException.LimitExceeded(
                    "the expression '" + text + "' repeats something more than " + MOST_TIMES + " times");
        }
        return Integer.parseInt(text, from, to, 10);
    }

    private Node single() {
        var c = text.codePointAt(at);
        at += Character.charCount(c);
        return switch (c) {
            case '(' -> group();
            case '[' -> new Node.One(set());
            case '.' -> new Node.One(any -> any != '\n');
            case '^' -> new Node.At(NameProgram.Place.START);
            case '$' -> new Node.At(NameProgram.Place.LINE_END);
            case '\\' -> escape();
            case '*', '+', '?' -> {
                at--;
                throw invalid("has nothing to repeat");
            }
            default -> new Node.One(literal(c));
        };
    }

    private Node group() {
        var number = -1;
        if (!skip("?")) {
            number = groups++;
        } else if (skip("P<") || isName()) {
            var end = text.indexOf('>', at);
            if (end < 0) {
                throw invalid("has a group whose name does not end");
            }
            at = end + 1;
            number = groups++;
        } else if (!skip(":")) {
            throw invalid("has a kind of group that is not supported; write (…), (?:…) or (?P<name>…)");
        }
        if (groups > MOST_GROUPS) {
            throw new TegaException.LimitExceeded(
                    "the expression '" + text + "' has more than " + MOST_GROUPS + " groups");
        }
        var body = choice();
        if (!skip(")")) {
            throw invalid("has a '(' without its ')'");
        }
        return number < 0 ? body : new Node.Group(number, body);
    }

    /** Whether Java's form of a named group follows, and no look-behind. */
    private boolean isName() {
        if (!text.startsWith("<", at) || text.startsWith("<=", at) || text.startsWith("<!", at)) {
            return false;
        }
        at++;
        return true;
    }

    private Node escape() {
        if (skip("A")) {
            return new Node.At(NameProgram.Place.START);
        }
        if (skip("Z") || skip("z")) {
            return new Node.At(NameProgram.Place.END);
        }
        if (skip("b")) {
            return new Node.At(NameProgram.Place.WORD_EDGE);
        }
        if (skip("B")) {
            return new Node.At(NameProgram.Place.NO_WORD_EDGE);
        }
        var kind = kind();
        return new Node.One(kind != null ? kind : literal(escapedCharacter()));
    }

    /** The class that a letter after a backslash stands for, or null when it stands for none. */
    private @Nullable IntPredicate kind() {
        if (at == text.length()) {
            throw invalid("ends with a backslash");
        }
        IntPredicate kind =
                switch (Character.toLowerCase(text.charAt(at))) {
                    case 'd' -> Character::isDigit;
                    case 'w' -> NameExpressionText::isWord;
                    case 's' -> c -> Character.isWhitespace(c) || Character.isSpaceChar(c);
                    default -> null;
                };
        if (kind == null) {
            return null;
        }
        var negated = Character.isUpperCase(text.charAt(at));
        at++;
        return negated ? kind.negate() : kind;
    }

    private int escapedCharacter() {
        if (at == text.length()) {
            throw invalid("ends with a backslash");
        }
        var c = text.codePointAt(at);
        at += Character.charCount(c);
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'f' -> '\f';
            case 'v' -> 0x0b;
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            default -> {
                if (c < 0x80 && Character.isLetterOrDigit(c)) {
                    at--;
                    throw invalid("has an escape that is not supported");
                }
                yield c;
            }
        };
    }

    private int hexadecimal(int digits) {
        var code = 0;
        for (var i = 0; i < digits; i++) {
            if (at == text.length() || Character.digit(text.charAt(at), 16) < 0) {
                throw invalid("has an escape with too few hexadecimal digits");
            }
            code = code * 16 + Character.digit(text.charAt(at), 16);
            at++;
        }
        return code;
    }

    private IntPredicate set() {
        var negated = skip("^");
        IntPredicate all = c -> false;
        var first = true;
        while (first || !skip("]")) {
            first = false;
            if (at == text.length()) {
                throw invalid("has a '[' without its ']'");
            }
            all = all.or(range());
        }
        return negated ? all.negate() : all;
    }

    private IntPredicate range() {
        if (skip("\\")) {
            var kind = kind();
            return kind != null ? kind : rangeFrom(escapedCharacter());
        }
        var from = text.codePointAt(at);
        at += Character.charCount(from);
        return rangeFrom(from);
    }

    private IntPredicate rangeFrom(int from) {
        if (!text.startsWith("-", at) || text.startsWith("-]", at) || at + 1 == text.length()) {
            return literal(from);
        }
        at++;
        int to;
        if (skip("\\")) {
            to = escapedCharacter();
        } else {
            to = text.codePointAt(at);
            at += Character.charCount(to);
        }
        if (to < from) {
            throw invalid("has a range that ends before it begins");
        }
        IntPredicate between = c -> c >= from && c <= to;
        return ignoreCase
                ? c -> between.test(c)
                        || between.test(Character.toLowerCase(c))
                        || between.test(Character.toUpperCase(c))
                : between;
    }

    private IntPredicate literal(int wanted) {
        return ignoreCase ? c -> fold(c) == fold(wanted) : c -> c == wanted;
    }

    private static int fold(int c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    private boolean skip(String what) {
        if (!text.startsWith(what, at)) {
            return false;
        }
        at += what.length();
        return true;
    }

    /** Writes what matches {@code node} and then goes on with {@code next}; the number of its first step. */
    private int write(Node node, int next) {
        if (++work > MOST_WORK) {
            throw new TegaException.LimitExceeded("the expression '" + text + "' repeats repetitions too often");
        }
        if (node instanceof Node.One one) {
            return program.add(new NameProgram.Step.Take(one.what(), next));
        }
        if (node instanceof Node.At place) {
            return program.add(new NameProgram.Step.Check(place.where(), next));
        }
        if (node instanceof Node.Group group) {
            var end = program.add(new NameProgram.Step.Note(2 * group.number() + 1, next));
            return program.add(new NameProgram.Step.Note(2 * group.number(), write(group.body(), end)));
        }
        if (node instanceof Node.Sequence sequence) {
            var first = next;
            for (var i = sequence.parts().size() - 1; i >= 0; i--) {
                first = write(sequence.parts().get(i), first);
            }
            return first;
        }
        if (node instanceof Node.Choice choice) {
            var last = choice.alternatives().size() - 1;
            var first = write(choice.alternatives().get(last), next);
            for (var i = last - 1; i >= 0; i--) {
                first = program.add(
                        new NameProgram.Step.Fork(write(choice.alternatives().get(i), next), first));
            }
            return first;
        }
        return writeRepeat((Node.Repeat) node, next);
    }

    private int writeRepeat(Node.Repeat repeat, int next) {
        var first = next;
        if (repeat.most() == UNBOUNDED) {
            var fork = program.add(fork(next, next, true));
            program.replace(fork, fork(write(repeat.body(), fork), next, repeat.greedy()));
            first = fork;
        } else {
            for (var i = repeat.least(); i < repeat.most(); i++) {
                first = program.add(fork(write(repeat.body(), first), next, repeat.greedy()));
            }
        }
        for (var i = 0; i < repeat.least(); i++) {
            first = write(repeat.body(), first);
        }
        return first;
    }

    private static NameProgram.Step fork(int body, int next, boolean greedy) {
        return greedy ? new NameProgram.Step.Fork(body, next) : new NameProgram.Step.Fork(next, body);
    }

    private TegaException invalid(String what) {
        return new TegaException.Invalid("the expression '" + text + "' " + what + " (at character " + (at + 1) + ")");
    }
}
