package tega.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.LongFunction;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/** How much of the heap a tree holds: what is in use after collections with it, less what is without it. */
final class TreeMemory {
    private static final int LEAVES = 1_000_000;

    private TreeMemory() {}

    static String table() {
        var out = new StringBuilder("| memory | bytes a leaf, key and value text not counted |\n|---|---|\n");
        for (int members : new int[] {10, 32, 100}) {
            out.append(row(members, "leaves named alike in every object", at -> at % members));
            out.append(row(members, "every leaf with a name of its own", at -> at));
        }
        return out
                + "%n100 000 leaves: 1000 more versions with one change each take %.0f %% more%n".formatted(versions());
    }

    private static String row(int members, String what, IntUnaryOperator name) {
        return "| %d to an object, %s | %.0f |%n".formatted(members, what, bytes(members, name));
    }

    /**
     * Bytes a leaf beyond the text of its key and value. Every leaf is put in a commit of its own, in random order, so that each
     * has its own stamp.
     */
    static double bytes(int members, IntUnaryOperator name) {
        var order = new ArrayList<Integer>();
        for (int i = 0; i < LEAVES; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(1));
        long before = used();
        var tree = Tree.EMPTY;
        long text = 0;
        for (int i = 0; i < LEAVES; i++) {
            int at = order.get(i);
            var path = Path.of(
                    "root", "site" + at / members / 100, "host" + at / members % 100, "leaf" + name.applyAsInt(at));
            text += path.last().length() + Integer.toString(at).length();
            tree = tree.put(path, Value.of(at), i + 1);
        }
        double bytes = (double) (used() - before - text) / LEAVES;
        keep(tree, order);
        return bytes;
    }

    /** By how many per cent a thousand versions take more than one. */
    static double versions() {
        long before = used();
        var tree = Tree.EMPTY;
        Random random = new Random(1);
        LongFunction<Path> leaf =
                number -> Path.of("root", "site" + number / 2500, "host" + number / 50 % 50, "leaf" + number % 50);
        for (int i = 0; i < 100_000; i++) {
            tree = tree.put(leaf.apply(i), Value.of(i), i + 1);
        }
        long one = used() - before;
        var versions = new ArrayList<Tree>();
        for (int i = 0; i < 1000; i++) {
            tree = tree.put(leaf.apply(random.nextInt(100_000)), Value.of(-i), 200_000 + i);
            versions.add(tree);
        }
        long all = used() - before;
        keep(versions, leaf);
        return 100.0 * (all - one) / one;
    }

    /** Until here the objects are in use. */
    private static void keep(Object first, Object second) {
        if (first.equals(second)) {
            throw new IllegalStateException();
        }
    }

    private static long used() {
        var heap = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            heap.gc();
        }
        return heap.getHeapMemoryUsage().getUsed();
    }
}
