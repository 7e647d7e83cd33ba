package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.spi.Receipt;
import tega.store.ListAppend.Outcome;
import tega.store.ListAppend.Step;

/** However transactions run beside each other, what they did and saw can have come of one after the other. */
class SerializabilityTest {
    private static final List<String> KEYS = List.of("k0", "k1", "k2", "k3");
    private static final int CLIENTS = 8;
    private static final int EACH = 100;

    /** How a client lies about the store, so that it is seen whether the checker would notice. */
    private enum Lie {
        NONE,
        READS_ARE_NOT_TRACKED,
        COMMITS_IN_PIECES,
        FORGETS_A_COMMIT,
        KEEPS_WHAT_IT_REFUSED,
        READS_AN_OLD_STATE
    }

    private final Bench bench = new Bench();
    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger elements = new AtomicInteger();
    private final List<ListAppend.Transaction> history = Collections.synchronizedList(new ArrayList<>());

    /** One transaction, step by step. */
    private final class Run {
        private final Random random;
        private final Lie lie;
        private final long begun = time.incrementAndGet();
        private final Transaction tx = bench.db.begin();
        private final List<Step> steps = new ArrayList<>();
        private int left;

        Run(Random random, Lie lie) {
            this.random = random;
            this.lie = lie;
            this.left = 1 + random.nextInt(4);
        }

        /** False when it has ended. */
        boolean step() {
            if (left-- == 0) {
                end();
                return false;
            }
            var key = KEYS.get(random.nextInt(KEYS.size()));
            if (random.nextBoolean()) {
                append(key);
            } else {
                steps.add(new Step.Read(key, read(key)));
            }
            return true;
        }

        void all() {
            var goesOn = true;
            while (goesOn) {
                goesOn = step();
            }
        }

        private void append(String key) {
            var element = elements.incrementAndGet();
            steps.add(new Step.Append(key, element));
            tx.patch(at(key), json("[{\"op\":\"add\",\"path\":\"/-\",\"value\":" + element + "}]"));
        }

        private List<Integer> read(String key) {
            var isOwn = steps.stream()
                    .anyMatch(step -> step instanceof Step.Append && step.key().equals(key));
            if (lie == Lie.READS_ARE_NOT_TRACKED && !isOwn) {
                return list(bench.db.get(at(key)).orElseThrow());
            }
            var now = bench.db.snapshot().revision();
            if (lie == Lie.READS_AN_OLD_STATE && !isOwn && now > 20) {
                return list(bench.db.history().at(now - 9).get(at(key)).orElseThrow());
            }
            return list(tx.get(at(key)).orElseThrow());
        }

        private void end() {
            Outcome outcome;
            try {
                commit();
                outcome = lie == Lie.KEEPS_WHAT_IT_REFUSED && random.nextInt(20) == 0
                        ? Outcome.ABORTED
                        : Outcome.COMMITTED;
            } catch (TegaException.UnknownOutcome e) {
                outcome = Outcome.UNKNOWN;
            } catch (TegaException.Conflict | TegaException.Unavailable | TegaException.LimitExceeded e) {
                outcome = Outcome.ABORTED;
            }
            history.add(new ListAppend.Transaction(
                    ids.incrementAndGet(), begun, time.incrementAndGet(), outcome, List.copyOf(steps)));
        }

        private void commit() {
            if (lie == Lie.COMMITS_IN_PIECES) {
                tx.close();
                for (var step : steps) {
                    if (step instanceof Step.Append append) {
                        try (var piece = bench.db.begin()) {
                            piece.patch(
                                            at(append.key()),
                                            json("[{\"op\":\"add\",\"path\":\"/-\",\"value\":" + append.element()
                                                    + "}]"))
                                    .commit();
                        }
                    }
                }
            } else if (lie != Lie.FORGETS_A_COMMIT || random.nextInt(20) != 0) {
                tx.commit();
            }
        }
    }

    private static tega.api.Path at(String key) {
        return path("list").child(key);
    }

    private static List<Integer> list(Value value) {
        var elements = new ArrayList<Integer>();
        for (var element : (ArrayValue) value) {
            elements.add((int) ((NumberValue) element).longValue());
        }
        return elements;
    }

    private void begin() {
        for (var key : KEYS) {
            bench.db.put(at(key), Value.array());
        }
    }

    private Map<String, List<Integer>> lists() {
        var lists = new TreeMap<String, List<Integer>>();
        for (var key : KEYS) {
            lists.put(key, list(bench.db.get(at(key)).orElseThrow()));
        }
        return lists;
    }

    /** Many transactions open at once, on one thread: whose step is next is drawn. */
    private void interleave(long seed, Lie lie) {
        begin();
        var random = new Random(seed);
        var open = new ArrayList<Run>();
        for (var begun = 0; begun < 300 || !open.isEmpty(); ) {
            if (begun < 300 && (open.size() < CLIENTS && random.nextInt(3) == 0)) {
                open.add(new Run(random, lie));
                begun++;
            } else if (!open.isEmpty()) {
                var next = random.nextInt(open.size());
                if (!open.get(next).step()) {
                    open.remove(next);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void interleavedTransactionsHaveAnOrder(long seed) {
        interleave(seed, Lie.NONE);
        assertThat(ListAppend.faults(history, lists())).isEmpty();
        assertThat(history).extracting(ListAppend.Transaction::outcome).contains(Outcome.COMMITTED, Outcome.ABORTED);
    }

    // WHY: a checker that finds nothing in a broken store says nothing about a sound one.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theCheckerFindsWhatIsBroken(Lie lie) {
        interleave(1, lie);
        assertThat(ListAppend.faults(history, lists())).isNotEmpty();
    }

    @Test
    void transactionsOfManyThreadsHaveAnOrderThoughTheLogFails() throws Exception {
        begin();
        var luck = new Random(7);
        bench.memory().answer = proposal -> switch (luck.nextInt(60)) {
            case 0 -> new Receipt.Refused("no room");
            case 1 -> new Receipt.Unknown("no answer");
            case 2 -> new Receipt.TooLarge(2, 1);
            default -> null;
        };
        inParallel(Lie.NONE);
        bench.memory().answer = proposal -> null;
        assertThat(ListAppend.faults(history, lists())).isEmpty();
        assertThat(history)
                .extracting(ListAppend.Transaction::outcome)
                .contains(Outcome.COMMITTED, Outcome.ABORTED, Outcome.UNKNOWN);
        bench.crash();
        assertThat(ListAppend.faults(history, lists())).as("after a power cut").isEmpty();
    }

    private void inParallel(Lie lie) throws Exception {
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            var clients = new ArrayList<Callable<Void>>();
            for (var i = 0; i < CLIENTS; i++) {
                var random = new Random(i);
                clients.add(() -> {
                    for (var done = 0; done < EACH; done++) {
                        var run = new Run(random, lie);
                        run.all();
                    }
                    return null;
                });
            }
            for (var client : threads.invokeAll(clients, 60, TimeUnit.SECONDS)) {
                client.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
