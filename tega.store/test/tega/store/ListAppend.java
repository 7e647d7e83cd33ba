package tega.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a history of transactions that append to lists and read them can have come of any order of them one after the other
 * that keeps who ended before whom began. The lists tell who came before whom; where that goes round in a circle, there is no
 * such order. (The idea is Elle's: Kingsbury and Alvaro, "Elle: inferring isolation anomalies from experimental
 * observations", 2020.)
 */
final class ListAppend {
    enum Outcome {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    /** One step of a transaction. */
    sealed interface Step {
        String key();

        record Append(String key, int element) implements Step {}

        record Read(String key, List<Integer> seen) implements Step {}
    }

    /** What a transaction did and was told, and when on one clock for all. */
    record Transaction(int id, long begun, long ended, Outcome outcome, List<Step> steps) {
        List<Integer> appendedTo(String key) {
            var elements = new ArrayList<Integer>();
            for (var step : steps) {
                if (step instanceof Step.Append append && append.key().equals(key)) {
                    elements.add(append.element());
                }
            }
            return elements;
        }
    }

    private final Map<String, List<Integer>> last;
    private final Map<Integer, Transaction> writers = new HashMap<>();
    private final List<Transaction> happened = new ArrayList<>();
    private final Map<Transaction, Map<Transaction, String>> before = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    private ListAppend(List<Transaction> history, Map<String, List<Integer>> last) {
        this.last = last;
        for (var each : history) {
            for (var step : each.steps()) {
                if (step instanceof Step.Append append) {
                    writers.put(append.element(), each);
                }
            }
        }
        history.stream().filter(this::hasHappened).forEach(happened::add);
    }

    /** What cannot be; empty when all is well. {@code last} is what the lists were in the end. */
    static List<String> faults(List<Transaction> history, Map<String, List<Integer>> last) {
        var checker = new ListAppend(history, new TreeMap<>(last));
        checker.checkLists();
        checker.happened.forEach(checker::checkReads);
        if (checker.faults.isEmpty()) {
            checker.order();
            checker.checkCircles();
        }
        return checker.faults;
    }

    private boolean hasHappened(Transaction each) {
        return each.outcome() == Outcome.COMMITTED
                || (each.outcome() == Outcome.UNKNOWN
                        && each.steps().stream()
                                .anyMatch(step -> step instanceof Step.Append append
                                        && last.get(append.key()).contains(append.element())));
    }

    private void checkLists() {
        last.forEach((key, list) -> {
            if (new LinkedHashSet<>(list).size() != list.size()) {
                faults.add(key + " has something twice: " + list);
            }
            for (var element : list) {
                var writer = writers.get(element);
                if (writer == null || writer.outcome() == Outcome.ABORTED) {
                    faults.add(key + " has " + element + " of what was refused: " + writer);
                }
            }
        });
        for (var each : happened) {
            for (var step : each.steps()) {
                if (step instanceof Step.Append append
                        && !last.get(append.key()).contains(append.element())) {
                    faults.add(append.key() + " lost " + append.element() + " of " + each);
                }
            }
        }
    }

    private void checkReads(Transaction each) {
        var own = new HashMap<String, List<Integer>>();
        for (var step : each.steps()) {
            var mine = own.computeIfAbsent(step.key(), key -> new ArrayList<>());
            if (step instanceof Step.Append append) {
                mine.add(append.element());
            } else if (step instanceof Step.Read read) {
                var others = read.seen().size() - mine.size();
                if (others < 0
                        || !read.seen().subList(others, read.seen().size()).equals(mine)) {
                    faults.add(each + " does not see its own " + mine);
                } else {
                    checkPrefix(each, read.key(), read.seen().subList(0, others));
                }
            }
        }
    }

    private void checkPrefix(Transaction reader, String key, List<Integer> seen) {
        var list = last.get(key);
        if (seen.size() > list.size() || !list.subList(0, seen.size()).equals(seen)) {
            faults.add(reader + " saw what never was: " + seen + ", it is " + list);
        } else if (!seen.isEmpty()) {
            var newest = seen.get(seen.size() - 1);
            var writer = writers.get(newest);
            var all = writer.appendedTo(key);
            if (!all.get(all.size() - 1).equals(newest)) {
                faults.add(reader + " saw half of " + writer);
            }
        }
    }

    /** Who must come before whom. */
    private void order() {
        last.forEach((key, list) -> {
            for (var i = 1; i < list.size(); i++) {
                precedes(writers.get(list.get(i - 1)), writers.get(list.get(i)), "wrote " + key + " before");
            }
        });
        for (var each : happened) {
            for (var step : each.steps()) {
                if (step instanceof Step.Read read) {
                    orderOfRead(each, read);
                }
            }
        }
        orderInTime();
    }

    private void orderOfRead(Transaction reader, Step.Read read) {
        var list = last.get(read.key());
        var seen = read.seen().size()
                - (int) read.seen().stream()
                        .filter(element -> writers.get(element).id() == reader.id())
                        .count();
        if (seen > 0) {
            precedes(writers.get(list.get(seen - 1)), reader, "wrote " + read.key() + " for");
        }
        if (seen < list.size()) {
            precedes(reader, writers.get(list.get(seen)), "read " + read.key() + " before");
        }
    }

    /** Who ended before another began; what follows from two such steps is left out. */
    private void orderInTime() {
        for (var later : happened) {
            var newest = happened.stream()
                    .filter(each -> endedBefore(each, later))
                    .mapToLong(Transaction::begun)
                    .max();
            for (var earlier : happened) {
                if (newest.isPresent() && endedBefore(earlier, later) && earlier.ended() >= newest.getAsLong()) {
                    precedes(earlier, later, "ended before the begin of");
                }
            }
        }
    }

    private static boolean endedBefore(Transaction earlier, Transaction later) {
        return earlier.outcome() == Outcome.COMMITTED && earlier.ended() < later.begun();
    }

    private void precedes(Transaction earlier, Transaction later, String why) {
        if (earlier.id() != later.id()) {
            before.computeIfAbsent(later, each -> new HashMap<>()).putIfAbsent(earlier, why);
        }
    }

    /** Takes away whoever nobody comes before; who is left stands in a circle or behind one. */
    private void checkCircles() {
        var open = new HashMap<Transaction, Integer>();
        var after = new HashMap<Transaction, List<Transaction>>();
        before.forEach((later, all) -> {
            open.put(later, all.size());
            all.keySet().forEach(earlier -> after.computeIfAbsent(earlier, each -> new ArrayList<>())
                    .add(later));
        });
        var free = new ArrayDeque<Transaction>();
        happened.stream().filter(each -> !open.containsKey(each)).forEach(free::add);
        while (!free.isEmpty()) {
            for (var later : after.getOrDefault(free.remove(), List.of())) {
                if (open.merge(later, -1, Integer::sum) == 0) {
                    open.remove(later);
                    free.add(later);
                }
            }
        }
        if (!open.isEmpty()) {
            faults.add("a circle: " + circle(open.keySet().iterator().next(), open));
        }
    }

    private String circle(Transaction start, Map<Transaction, Integer> left) {
        var trail = new LinkedHashSet<Transaction>();
        var at = start;
        while (trail.add(at)) {
            at = before.get(at).keySet().stream()
                    .filter(left::containsKey)
                    .findFirst()
                    .orElseThrow();
        }
        var text = new StringBuilder(at.toString());
        for (var each = at; ; ) {
            var later = each;
            var earlier = before.get(later).keySet().stream()
                    .filter(left::containsKey)
                    .findFirst()
                    .orElseThrow();
            text.insert(0, earlier + "\n  " + before.get(later).get(earlier) + " ");
            each = earlier;
            if (each.id() == at.id()) {
                return text.toString();
            }
        }
    }
}
