package tega.store;

import tega.api.ArrayValue;
import tega.api.Limits;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * Holds what is written against the limits. It looks no further than a limit allows, so neither a value nested ten thousand
 * deep nor one that shares its parts a million times over can exhaust it.
 */
final class Measure {
    private final Limits limits;

    Measure(Limits limits) {
        this.limits = limits;
    }

    /** A path to be written at: every name short enough, not too many, and no root that belongs to the server. */
    void path(Path path) {
        if (path.depth() > limits.depth()) {
            throw tooDeep(path);
        }
        for (var i = 0; i < path.depth(); i++) {
            name(path, path.name(i));
        }
        if (!path.isEmpty() && path.root().startsWith("_")) {
            throw new TegaException.Invalid(
                    path, "the root '" + path.root() + "' begins with '_', which is the server's; choose another name");
        }
    }

    /** The bytes of the value's JSON text, roughly; {@code LIMIT} when it is too large, or too deep for where it goes. */
    int value(Path path, Value value) {
        return (int) size(path, value, limits.depth() - path.depth(), 0);
    }

    /** A value that is an instruction, such as a patch, to be carried out somewhere: it may be a little deeper than data. */
    void document(Path path, Value value) {
        size(path, value, limits.depth() + 3, 0);
    }

    /** The bytes of a commit's JSON text, roughly. */
    void commit(long bytes) {
        if (bytes > limits.commitBytes()) {
            throw new TegaException.LimitExceeded("the commit is larger than the limit of " + limits.commitBytes()
                    + " bytes (commit); divide it into smaller ones");
        }
    }

    private long size(Path path, Value value, int depthLeft, long sum) {
        var bytes = sum;
        if (value instanceof ObjectValue object) {
            bytes += 2;
            for (var member : object) {
                if (depthLeft == 0) {
                    throw tooDeep(path);
                }
                name(path, member.name());
                bytes = size(path, member.value(), depthLeft - 1, bytes + text(member.name()) + 2);
            }
        } else if (value instanceof ArrayValue array) {
            bytes += 2;
            for (var i = 0; i < array.size(); i++) {
                if (depthLeft == 0) {
                    throw tooDeep(path);
                }
                bytes = size(path, array.get(i), depthLeft - 1, bytes + 1);
            }
        } else if (value instanceof StringValue string) {
            bytes += text(string.text());
        } else {
            bytes += value.toString().length();
        }
        if (bytes > limits.valueBytes()) {
            throw new TegaException.LimitExceeded(
                    path,
                    "the value for '" + path + "' is larger than the limit of " + limits.valueBytes()
                            + " bytes (value); set smaller parts of it");
        }
        return bytes;
    }

    /** What an author says about a commit. */
    void message(String text) {
        if (utf8(text) > limits.valueBytes()) {
            throw new TegaException.LimitExceeded(
                    "the message is longer than the limit of " + limits.valueBytes() + " bytes (value)");
        }
    }

    /** A name given to a revision. */
    void tag(String name) {
        if (name.isEmpty()) {
            throw new TegaException.Invalid("a tag needs a name");
        }
        name(Path.EMPTY, name);
    }

    private void name(Path path, String name) {
        if (name.length() * 3L > limits.nameBytes() && utf8(name) > limits.nameBytes()) {
            throw new TegaException.LimitExceeded(
                    path.first(0),
                    "the name that begins with " + Value.of(name.substring(0, Math.min(20, name.length())))
                            + " is longer than the limit of " + limits.nameBytes() + " bytes (name)");
        }
    }

    private TegaException tooDeep(Path path) {
        return new TegaException.LimitExceeded(
                path.first(Math.min(path.depth(), 4)),
                "what is set at '" + path.first(Math.min(path.depth(), 4)) + (path.depth() > 4 ? "…" : "")
                        + "' goes deeper than the limit of " + limits.depth()
                        + " levels (depth), names, objects and arrays counted");
    }

    private static int text(String text) {
        return utf8(text) + 2;
    }

    private static int utf8(String text) {
        var bytes = 0;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            // Each half of a surrogate pair counts two of the pair's four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
