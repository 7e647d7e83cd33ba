package tega.transport.http;

import java.util.OptionalLong;
import tega.api.Expectation;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Transaction;

/**
 * Entity tags (RFC 9110, section 8.8.3): the revision of the last commit at or below a node, followed by {@code -} and the
 * form of the answer where it is not the plain one.
 */
final class Entity {
    private Entity() {}

    static String tag(long revision, String form) {
        return form.isEmpty() ? "\"" + revision + "\"" : "\"" + revision + "-" + form + "\"";
    }

    /** Whether the client has this already. */
    static boolean isKnown(Exchange exchange, long revision) {
        var known = exchange.header("If-None-Match");
        if (known.isEmpty()) {
            return false;
        }
        if (known.get().strip().equals("*")) {
            return true;
        }
        for (var tag : known.get().split(",", -1)) {
            if (revision(tag).equals(OptionalLong.of(revision))) {
                return true;
            }
        }
        return false;
    }

    /** Makes {@code If-Match}, {@code If-None-Match} and v1's {@code version} preconditions of a commit. */
    static void expect(Exchange exchange, Transaction transaction, Path path) {
        var version = exchange.query().number("version");
        if (version.isPresent()) {
            transaction.expect(path, new Expectation.AtVersion(version.getAsLong()));
        }
        var match = exchange.header("If-Match");
        if (match.isPresent()) {
            transaction.expect(path, matching(match.get(), path, transaction));
        }
        var none = exchange.header("If-None-Match");
        if (none.isPresent()) {
            if (!none.get().strip().equals("*")) {
                throw new TegaException.Invalid("If-None-Match on a write is *, for a node that must not be there yet");
            }
            transaction.expect(path, new Expectation.Absent());
        }
    }

    /** Of several tags the one that fits now is expected; it is checked again at commit. */
    private static Expectation matching(String tags, Path path, Transaction transaction) {
        if (tags.strip().equals("*")) {
            return new Expectation.Present();
        }
        var current = transaction.base().revision(path);
        var first = OptionalLong.empty();
        for (var tag : tags.split(",", -1)) {
            var revision = revision(tag);
            if (revision.isEmpty()) {
                throw new TegaException.Invalid("'" + tag.strip() + "' is not an entity tag of this server");
            }
            if (revision.equals(current)) {
                return new Expectation.AtRevision(current.getAsLong());
            }
            first = first.isEmpty() ? revision : first;
        }
        return new Expectation.AtRevision(first.orElse(-1));
    }

    private static OptionalLong revision(String tag) {
        var text = tag.strip();
        text = text.startsWith("W/") ? text.substring(2) : text;
        if (text.length() < 3 || text.charAt(0) != '"' || text.charAt(text.length() - 1) != '"') {
            return OptionalLong.empty();
        }
        var dash = text.indexOf('-');
        try {
            return OptionalLong.of(Long.parseLong(text.substring(1, dash < 0 ? text.length() - 1 : dash)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
