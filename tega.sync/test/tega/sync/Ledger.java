package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Value;

/** What was asked of the servers of a simulation, and what came of it: what must be true in the end follows from that. */
final class Ledger {
    /** After these nothing has happened. */
    private static final Set<ErrorCode> NOTHING =
            Set.of(ErrorCode.CONFLICT, ErrorCode.PRECONDITION, ErrorCode.UNAVAILABLE, ErrorCode.INVALID);

    enum Outcome {
        ASKED,
        MADE,
        REFUSED,
        UNKNOWN
    }

    /** A write of one value that no other has. */
    static final class Write {
        final String token;
        final Machine at;
        final String root;
        Outcome outcome = Outcome.ASKED;
        String why = "";
        boolean excused;

        Write(String token, Machine at, String root) {
            this.token = token;
            this.at = at;
            this.root = root;
        }

        @Override
        public String toString() {
            return token + " at " + at.name() + " in " + root + ": " + outcome + " " + why;
        }
    }

    /** A call with an argument that no other has. */
    static final class Call {
        final String token;
        final String what;
        final Life life;

        @Nullable
        String outcome;

        Call(String token, String what, Life life) {
            this.token = token;
            this.what = what;
            this.life = life;
        }

        @Override
        public String toString() {
            return token + " " + what + ": " + outcome;
        }
    }

    final Map<String, Write> writes = new TreeMap<>();
    final Map<String, Call> calls = new TreeMap<>();
    private final Map<String, Map<String, Integer>> executions = new TreeMap<>();
    private final Map<String, Integer> heard = new TreeMap<>();
    private final List<Life> lives = new ArrayList<>();
    private int number;

    String token(String kind) {
        return kind + ++number;
    }

    Write write(Machine at, String root) {
        var write = new Write(token("w"), at, root);
        writes.put(write.token, write);
        return write;
    }

    static void ended(Write write, @Nullable Throwable failure) {
        if (failure == null) {
            write.outcome = Outcome.MADE;
            return;
        }
        var error = Errors.cause(failure);
        write.why = error.code() + " " + error.getMessage();
        write.outcome = NOTHING.contains(error.code()) ? Outcome.REFUSED : Outcome.UNKNOWN;
        if (error.code() == ErrorCode.INTERNAL) {
            throw new AssertionError(write.toString(), failure);
        }
    }

    Call call(String what, Life life) {
        lives.add(life);
        var call = new Call(token("r"), what, life);
        calls.put('"' + call.token + '"', call);
        return call;
    }

    static void ended(Call call, @Nullable Value value, @Nullable Throwable failure) {
        call.outcome = failure == null
                ? "result " + value
                : Errors.cause(failure).code().name();
    }

    /** What is answered to a call: mostly what is easily lost. */
    static Value answer(String token) {
        return switch (token.hashCode() & 7) {
            case 0 -> Value.of(0);
            case 1 -> Value.of("");
            case 2 -> Value.of(false);
            case 3 -> Value.NULL;
            case 4 -> Value.array();
            case 5 -> Value.object();
            default -> Value.of(token);
        };
    }

    void executed(String token, String incarnation) {
        executions.computeIfAbsent(token, name -> new TreeMap<>()).merge(incarnation, 1, Integer::sum);
    }

    void heard(String listener, String message) {
        var times = heard.merge(listener + " " + message, 1, Integer::sum);
        check(times == 1, "%s heard %s %s times", listener, message, times);
    }

    int heardBy(String listener, String message) {
        return heard.getOrDefault(listener + " " + message, 0);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    static void check(boolean holds, String sentence, Object... parts) {
        if (!holds) {
            throw new AssertionError(sentence.formatted(parts));
        }
    }

    /** Whether everybody who still lives was told what came of it. */
    boolean isSettled() {
        return writes.values().stream().noneMatch(write -> write.outcome == Outcome.ASKED)
                && calls.values().stream().noneMatch(call -> call.outcome == null && !call.life.isOver());
    }

    /** A server has died, or was put back: what was asked of it is not known, or gone. */
    void died(Machine machine) {
        for (var write : writes.values()) {
            if (write.at == machine && write.outcome == Outcome.ASKED) {
                write.outcome = Outcome.UNKNOWN;
                write.why = "it died";
            }
        }
    }

    /** What a backup does not have cannot be found. */
    void excuseAll() {
        writes.values().forEach(write -> write.excused = true);
    }

    /** No call was carried out twice by one callee, and what its caller was told is true. */
    void checkCalls() {
        executions.forEach((token, incarnations) -> incarnations.forEach((incarnation, times) ->
                check(times == 1, "%s was carried out %s times by %s", calls.get(token), times, incarnation)));
        calls.forEach((token, call) -> {
            var times = executions.getOrDefault(token, Map.of()).size();
            var outcome = call.outcome == null ? "" : call.outcome;
            if (outcome.startsWith("result ")) {
                check(times > 0 && outcome.equals("result " + answer(token)), "%s, executed %s", call, times);
            } else if (outcome.equals("NO_OWNER") || outcome.equals("NOT_DELIVERED")) {
                check(times == 0, "%s, but it was carried out", call);
            } else {
                check(outcome.isEmpty() || outcome.equals("TIMEOUT"), "%s", call);
            }
        });
    }

    /** What was acknowledged was made once, or is in a list of conflicts; what was refused was not made. */
    void checkWrites(Map<String, Integer> made, String conflicts) {
        for (var write : writes.values()) {
            var times = made.getOrDefault(write.token, 0);
            var lost = conflicts.contains('"' + write.token + '"');
            check(times <= 1, "%s was made %s times", write, times);
            if (write.excused) {
                continue;
            }
            switch (write.outcome) {
                case MADE -> check(times == 1 || lost, "%s was lost", write);
                case REFUSED -> check(times == 0 && !lost, "%s was made", write);
                default -> check(write.outcome != Outcome.ASKED, "%s", write);
            }
        }
    }
}
