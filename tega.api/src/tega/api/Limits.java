package tega.api;

/**
 * What a server takes.
 *
 * @param depth the most names in a path to a leaf
 * @param nameBytes the longest name, in bytes of UTF-8
 * @param valueBytes the largest value of one operation, in bytes of its JSON text
 * @param commitBytes the largest commit, in bytes of its JSON text
 */
public record Limits(int depth, int nameBytes, int valueBytes, int commitBytes) {
    /** 64 names deep, names of 1 KiB, values of 1 MiB, commits of 8 MiB. */
    public static final Limits DEFAULT = new Limits(64, 1024, 1 << 20, 8 << 20);
}
