package tega.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Where a node is: a list of member names from the top of the database, the first being the root's. Any string is a legal
 * name. Three forms, each with its reader:
 *
 * <ul>
 *   <li>for people, {@code graph.subnets."172.21.1.0/24".x} ({@link #parse}, {@link #toString}; a backslash before a
 *       character takes it literally, so {@code 172\.21} is one name too);
 *   <li>in URLs, {@code /graph/subnets/172.21.1.0%2F24} ({@link #fromUrl}, {@link #toUrl}; RFC 3986);
 *   <li>in JSON, an array of strings ({@link #from}, {@link #toValue}).
 * </ul>
 *
 * {@code Path.parse(p.toString()).equals(p)} for every path.
 */
public final class Path implements Comparable<Path> {
    /** The database itself: the path of no names. */
    public static final Path EMPTY = new Path(new String[0]);

    private static final String MUST_BE_QUOTED = ".\"\\*()|;>";

    private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();

    private final String[] names;

    private Path(String[] names) {
        this.names = names;
    }

    /** The path of these names, which may be any strings. */
    public static Path of(String... names) {
        return names.length == 0 ? EMPTY : new Path(List.of(names).toArray(new String[0]));
    }

    /** The path of these names, which may be any strings. */
    public static Path of(List<String> names) {
        return names.isEmpty() ? EMPTY : new Path(List.copyOf(names).toArray(new String[0]));
    }

    /** Reads the form for people; {@code INVALID} when a name is empty and not quoted, or a quote does not end. */
    public static Path parse(String text) {
        return new PathText(text).read();
    }

    /** Reads a JSON array of strings; {@code INVALID} when it is anything else. */
    public static Path from(Value value) {
        if (!(value instanceof ArrayValue array)) {
            throw new TegaException.Invalid("a path is an array of strings, not a " + value.kind());
        }
        var names = new String[array.size()];
        for (var i = 0; i < names.length; i++) {
            if (!(array.get(i) instanceof StringValue name)) {
                throw new TegaException.Invalid("a path is an array of strings, but item " + i + " is a "
                        + array.get(i).kind());
            }
            names[i] = name.text();
        }
        return new Path(names);
    }

    /**
     * Reads the path part of a URL: percent-encoded UTF-8 names between slashes; one slash may end it. {@code INVALID} when an
     * escape is malformed or a name in the middle is empty.
     */
    public static Path fromUrl(String url) {
        var start = url.startsWith("/") ? 1 : 0;
        if (url.length() == start) {
            return EMPTY;
        }
        var end = url.endsWith("/") ? url.length() - 1 : url.length();
        var names = new ArrayList<String>();
        var from = start;
        while (from <= end) {
            var slash = url.indexOf('/', from);
            var to = slash < 0 || slash > end ? end : slash;
            if (to == from) {
                throw new TegaException.Invalid("the URL path '" + url + "' has an empty name between two slashes");
            }
            names.add(decode(url.substring(from, to)));
            from = to + 1;
        }
        return new Path(names.toArray(new String[0]));
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (var i = 0; i < text.length(); ) {
            if (text.charAt(i) == '%') {
                bytes.write(escaped(text, i));
                i += 3;
            } else {
                var escape = text.indexOf('%', i);
                var end = escape < 0 ? text.length() : escape;
                bytes.writeBytes(utf8(text.substring(i, end)));
                i = end;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TegaException.Invalid("'" + text + "' is not percent-encoded UTF-8");
        }
    }

    private static int escaped(String text, int at) {
        if (at + 2 >= text.length()
                || !HexFormat.isHexDigit(text.charAt(at + 1))
                || !HexFormat.isHexDigit(text.charAt(at + 2))) {
            throw new TegaException.Invalid("'" + text + "' has a malformed percent escape (RFC 3986, section 2.1)");
        }
        return HexFormat.fromHexDigits(text, at + 1, at + 3);
    }

    /** How many names: 0 for the database, 1 for a root. */
    public int depth() {
        return names.length;
    }

    /** Whether this is the database itself. */
    public boolean isEmpty() {
        return names.length == 0;
    }

    /** The name at {@code index}, counted from 0. */
    public String name(int index) {
        return names[index];
    }

    /** The last name; there must be one. */
    public String last() {
        return names[names.length - 1];
    }

    /** The first name, the root's; there must be one. */
    public String root() {
        return names[0];
    }

    /** The names as an unmodifiable list. */
    public List<String> names() {
        return Collections.unmodifiableList(Arrays.asList(names));
    }

    /** This path without its last name; there must be one. */
    public Path parent() {
        return first(names.length - 1);
    }

    /** The first {@code depth} names of this path. */
    public Path first(int depth) {
        return depth == 0 ? EMPTY : depth == names.length ? this : new Path(Arrays.copyOf(names, depth));
    }

    /** This path without its first {@code depth} names. */
    public Path from(int depth) {
        return depth == 0
                ? this
                : depth == names.length ? EMPTY : new Path(Arrays.copyOfRange(names, depth, names.length));
    }

    /** The path of the member {@code name} of this node. */
    public Path child(String name) {
        var longer = Arrays.copyOf(names, names.length + 1);
        longer[names.length] = Objects.requireNonNull(name);
        return new Path(longer);
    }

    /** This path continued by {@code rest}. */
    public Path append(Path rest) {
        if (rest.isEmpty()) {
            return this;
        }
        var longer = Arrays.copyOf(names, names.length + rest.names.length);
        System.arraycopy(rest.names, 0, longer, names.length, rest.names.length);
        return new Path(longer);
    }

    /** Whether {@code ancestor} is this path or one above it. */
    public boolean startsWith(Path ancestor) {
        var depth = ancestor.names.length;
        return depth <= names.length && Arrays.equals(names, 0, depth, ancestor.names, 0, depth);
    }

    /** Whether one of the two paths is at or above the other, so that a change of one can show in the other. */
    public boolean overlaps(Path other) {
        return startsWith(other) || other.startsWith(this);
    }

    /**
     * The form for URLs, beginning with a slash; {@code INVALID} where a name cannot be written in one: the empty name, lone
     * surrogates, and the names {@code .} and {@code ..}, which mean steps even when they are escaped (RFC 3986, section 6.2.2).
     */
    public String toUrl() {
        if (names.length == 0) {
            return "/";
        }
        var out = new StringBuilder();
        for (var name : names) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw notInUrl(name);
            }
            out.append('/');
            for (var b : utf8(name)) {
                if (isUnreserved((char) (b & 0xff))) {
                    out.append((char) b);
                } else {
                    out.append('%').append(UPPER_HEX.toHexDigits(b));
                }
            }
        }
        return out.toString();
    }

    /** RFC 3986, section 2.3. */
    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }

    private static byte[] utf8(String name) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw notInUrl(name);
        }
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static TegaException notInUrl(String name) {
        return new TegaException.Invalid("the name " + Value.of(name) + " cannot be written in a URL");
    }

    /** The JSON form: an array of strings. */
    public ArrayValue toValue() {
        var items = new Value[names.length];
        for (var i = 0; i < items.length; i++) {
            items[i] = Value.of(names[i]);
        }
        return ArrayValue.of(items);
    }

    /** The form for people; names that would be misread are quoted. */
    @Override
    public String toString() {
        var out = new StringBuilder();
        for (var name : names) {
            if (out.length() > 0) {
                out.append('.');
            }
            if (isPlain(name)) {
                out.append(name);
            } else {
                JsonText.quote(name, out);
            }
        }
        return out.toString();
    }

    private static boolean isPlain(String name) {
        for (var i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            if (c <= ' '
                    || MUST_BE_QUOTED.indexOf(c) >= 0
                    || Character.isSurrogate(c)
                    || Character.isWhitespace(c)
                    || Character.isISOControl(c)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Name by name in code-point order, a path before those below it: the order of a walk through the tree. */
    @Override
    public int compareTo(Path other) {
        return Arrays.compare(names, other.names, CodePointOrder.INSTANCE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path that && Arrays.equals(names, that.names);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(names);
    }
}
