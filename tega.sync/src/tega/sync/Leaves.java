package tega.sync;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tega.api.Member;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/** The leaves of a tree in the order of their paths: scalars, arrays and empty objects. */
final class Leaves implements Iterator<Leaves.Leaf> {
    /** A leaf. */
    record Leaf(Path path, Value value) {}

    private record Level(Path path, Iterator<Member> members) {}

    private final Iterator<Path> roots;
    private final Tree tree;
    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private @Nullable Path after;
    private @Nullable Leaf next;

    private Leaves(Tree tree, Iterator<Path> roots, @Nullable Path after) {
        this.tree = tree;
        this.roots = roots;
        this.after = after;
        this.next = advance();
    }

    /** Those of {@code roots} that come after {@code after}, or all of them. */
    static Leaves of(Tree tree, Set<String> roots, @Nullable Path after) {
        var paths = new TreeSet<Path>();
        roots.forEach(root -> paths.add(Path.of(root)));
        if (after != null) {
            paths.removeIf(path -> path.compareTo(after.first(1)) < 0);
        }
        return new Leaves(tree, paths.iterator(), after);
    }

    /** Tells of every leaf at or below {@code path}, whose value is {@code value}. */
    static void each(Path path, Value value, BiConsumer<Path, Value> action) {
        if (value instanceof ObjectValue object && !object.isEmpty()) {
            for (var member : object) {
                each(path.child(member.name()), member.value(), action);
            }
        } else {
            action.accept(path, value);
        }
    }

    /** All leaves at or below {@code path} in {@code tree}. */
    static Map<Path, Value> below(Tree tree, Path path) {
        var leaves = new TreeMap<Path, Value>();
        var value = tree.get(path);
        if (value != null) {
            each(path, value, leaves::put);
        }
        return leaves;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Leaf next() {
        var given = next;
        if (given == null) {
            throw new NoSuchElementException();
        }
        next = advance();
        return given;
    }

    private @Nullable Leaf advance() {
        while (true) {
            var level = levels.peek();
            if (level == null) {
                if (!roots.hasNext()) {
                    return null;
                }
                var leaf = enter(roots.next());
                if (leaf != null) {
                    return leaf;
                }
            } else if (level.members.hasNext()) {
                var member = level.members.next();
                var leaf = enter(level.path.child(member.name()), member.value());
                if (leaf != null) {
                    return leaf;
                }
            } else {
                levels.pop();
            }
        }
    }

    private @Nullable Leaf enter(Path path) {
        var value = tree.get(path);
        return value == null ? null : enter(path, value);
    }

    /** The leaf, if it is one and has its turn; else what is below comes next. */
    private @Nullable Leaf enter(Path path, Value value) {
        var begin = after;
        if (begin != null && path.compareTo(begin) <= 0 && !begin.startsWith(path)) {
            return null;
        }
        if (value instanceof ObjectValue object && !object.isEmpty()) {
            levels.push(new Level(path, members(path, object)));
            return null;
        }
        if (begin != null && begin.equals(path)) {
            return null;
        }
        return new Leaf(path, value);
    }

    /** Those before the one that leads to where it begins are left out. */
    private Iterator<Member> members(Path path, ObjectValue object) {
        var begin = after;
        if (begin == null || !begin.startsWith(path) || begin.depth() == path.depth()) {
            return object.iterator();
        }
        var name = begin.name(path.depth());
        var rest = object.after(name);
        var here = object.get(name);
        if (here == null) {
            return rest;
        }
        return Stream.concat(
                        Stream.of(new Member(name, here)),
                        StreamSupport.stream(Spliterators.spliteratorUnknownSize(rest, 0), false))
                .iterator();
    }
}
