package tega.plugins.nlan;

/**
 * An IPv4 address and the length of its prefix.
 *
 * @param bits the address
 * @param length 0 to 32
 */
record Ip(long bits, int length) {
    static Ip parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException(text);
        }
        var length = Integer.parseInt(text.substring(slash + 1));
        if (length > 32) {
            throw new IllegalArgumentException(text);
        }
        return new Ip(bits(text.substring(0, slash)), length);
    }

    static boolean isAddress(String text) {
        try {
            bits(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static long bits(String address) {
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            throw new IllegalArgumentException(address);
        }
        var bits = 0L;
        for (var part : address.split("\\.")) {
            var number = Integer.parseInt(part);
            if (number > 255) {
                throw new IllegalArgumentException(address);
            }
            bits = (bits << 8) | number;
        }
        return bits;
    }

    static String text(long bits) {
        return ((bits >> 24) & 255) + "." + ((bits >> 16) & 255) + "." + ((bits >> 8) & 255) + "." + (bits & 255);
    }

    /** The address alone. */
    String address() {
        return text(bits);
    }

    private long mask() {
        return length == 0 ? 0 : (-1L << (32 - length)) & 0xFFFF_FFFFL;
    }

    /** The network it is in. */
    Ip network() {
        return new Ip(bits & mask(), length);
    }

    /** The highest address of the network. */
    long last() {
        return (bits & mask()) | (~mask() & 0xFFFF_FFFFL);
    }

    /** The address {@code by} further, with the same length. */
    Ip plus(long by) {
        return new Ip(bits + by, length);
    }

    boolean contains(long address) {
        return (address & mask()) == (bits & mask());
    }

    boolean overlaps(Ip other) {
        return length <= other.length ? contains(other.bits) : other.contains(bits);
    }

    @Override
    public String toString() {
        return address() + "/" + length;
    }
}
