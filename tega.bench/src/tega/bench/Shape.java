package tega.bench;

import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/** Trees to measure: the root, and below it objects of so many members each, the last with leaves. */
public enum Shape {
    /** Objects of 10. */
    SMALL("10 000 leaves", 10, 10, 10, 10),
    /** Objects of 20 to 50. */
    LARGE("1 000 000 leaves", 20, 50, 20, 50),
    /** One object with all of them. */
    WIDE("100 000 in one object", 100_000);

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final int[] members;

    /** One string of each name, as from a reader that shares them: else the paths would drive the tree out of the caches. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final String[][] names;

    Shape(String title, int... members) {
        this.title = title;
        this.members = members;
        this.names = new String[members.length][];
        for (int level = 0; level < members.length; level++) {
            names[level] = new String[members[level]];
            for (int i = 0; i < members[level]; i++) {
                names[level][i] = "level" + level + "-" + i;
            }
        }
    }

    String title() {
        return title;
    }

    int leaves() {
        int leaves = 1;
        for (int each : members) {
            leaves *= each;
        }
        return leaves;
    }

    Path leaf(int number) {
        String[] path = new String[members.length + 1];
        path[0] = "root";
        int rest = number;
        for (int level = members.length - 1; level >= 0; level--) {
            path[level + 1] = names[level][rest % members[level]];
            rest /= members[level];
        }
        return Path.of(path);
    }

    Tree tree() {
        return Tree.EMPTY.put(Path.of("root"), value(), 1);
    }

    Value value() {
        return build(0);
    }

    private Value build(int level) {
        if (level == members.length) {
            return Value.of(7);
        }
        var object = ObjectValue.builder();
        for (int i = 0; i < members[level]; i++) {
            object.put(names[level][i], build(level + 1));
        }
        return object.build();
    }
}
