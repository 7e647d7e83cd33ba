package tega.log;

import java.util.Arrays;

/**
 * A file of commits: its name says the first revision it can hold, and whether the log begins with it. Knows places inside the
 * file once somebody has read there. For any number of threads.
 */
final class Segment implements Comparable<Segment> {
    private static final String PREFIX = "commits-";
    private static final String SUFFIX = ".log";
    private static final String BASE = "-cleared";
    private static final String REMAINDER = "-remainder";
    private static final int STEP = 64 << 10;

    private final String name;
    private final long first;
    private final boolean cleared;
    private final boolean remainder;
    private volatile long end = -1;
    private long[] revisions = new long[4];
    private long[] offsets = new long[4];
    private int marks;

    private Segment(String name, long first) {
        this.name = name;
        this.first = first;
        this.cleared = name.endsWith(BASE + SUFFIX);
        this.remainder = name.endsWith(REMAINDER + SUFFIX);
    }

    /** The segment that begins with revision {@code first}; {@code cleared} when everything before it is forgotten. */
    static Segment of(long first, boolean cleared) {
        return new Segment(PREFIX + Digits.of(first) + (cleared ? BASE : "") + SUFFIX, first);
    }

    /** What is left of the segment that held {@code first}, when the commits before that are forgotten. */
    static Segment remainder(long first) {
        return new Segment(PREFIX + Digits.of(first) + REMAINDER + SUFFIX, first);
    }

    /** Whether a file of this name is a segment. */
    static boolean isName(String name) {
        return number(name) > 0;
    }

    /** The segment with this name. */
    static Segment named(String name) {
        return new Segment(name, number(name));
    }

    private static long number(String name) {
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return -1;
        }
        var digits = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        for (var mark : new String[] {BASE, REMAINDER}) {
            if (digits.endsWith(mark)) {
                return Digits.parse(digits.substring(0, digits.length() - mark.length()));
            }
        }
        return Digits.parse(digits);
    }

    String name() {
        return name;
    }

    /** No commit in it has a lower revision. */
    long first() {
        return first;
    }

    /** Whether the log was cleared just before it. */
    boolean isCleared() {
        return cleared;
    }

    /** Whether nothing before it counts. */
    boolean isBeginning() {
        return cleared || remainder;
    }

    /** Whether the database was empty before it. */
    boolean isBase() {
        return cleared || first == 1;
    }

    /** Where its durable frames end, or -1 when that was not asked yet. */
    long end() {
        return end;
    }

    void end(long offset) {
        end = offset;
    }

    /** Remembers that the commit {@code revision} begins at {@code offset}, unless a near one is known. */
    synchronized void mark(long revision, long offset) {
        if (marks > 0 && offset < offsets[marks - 1] + STEP) {
            return;
        }
        if (marks == offsets.length) {
            revisions = Arrays.copyOf(revisions, 2 * marks);
            offsets = Arrays.copyOf(offsets, 2 * marks);
        }
        revisions[marks] = revision;
        offsets[marks++] = offset;
    }

    /** A place at or before the commit {@code revision}, or 0 when none is known. */
    synchronized long offset(long revision) {
        var found = Arrays.binarySearch(revisions, 0, marks, revision);
        var at = found >= 0 ? found : -found - 2;
        return at < 0 ? 0 : offsets[at];
    }

    @Override
    public int compareTo(Segment other) {
        var order = Long.compare(first, other.first);
        return order != 0 ? order : Boolean.compare(cleared, other.cleared);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Segment that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
