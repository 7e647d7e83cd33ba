package tega.access;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.spi.Action;
import tega.api.spi.Grant;
import tega.api.spi.Token;

/**
 * The register as text that a person can read and, in need, mend: a line for each decision, a word for what it is, then
 * {@code key=value} with blanks, percent and control characters percent-encoded.
 */
final class RegisterText {
    private static final String HEAD = "tega access 1";

    private final Map<String, StoredToken> tokens = new LinkedHashMap<>();
    private final List<Grant> grants = new ArrayList<>();
    private final Map<String, Set<String>> groups = new TreeMap<>();
    private final Set<String> blocked = new TreeSet<>();

    private RegisterText() {}

    static String write(Register register) {
        var out = new StringBuilder(HEAD).append('\n');
        for (var stored : register.tokens().values()) {
            var token = stored.token();
            out.append("token");
            field(out, "id", token.id());
            field(out, "name", token.name());
            field(out, "hash", stored.hash());
            field(out, "made", token.made().toString());
            field(out, "by", token.by());
            optional(out, "expires", token.expires());
            optional(out, "revoked", token.revoked());
            out.append('\n');
        }
        for (var grant : register.grants()) {
            out.append(grant.deny() ? "deny" : "allow");
            field(out, "name", grant.name());
            field(
                    out,
                    "actions",
                    new TreeSet<>(grant.actions()).stream().map(Action::grant).collect(Collectors.joining(",")));
            field(out, "pattern", grant.pattern().toString());
            out.append('\n');
        }
        register.groups()
                .forEach((group, members) -> members.forEach(name -> {
                    out.append("member");
                    field(out, "group", group);
                    field(out, "name", name);
                    out.append('\n');
                }));
        for (var serial : register.blocked()) {
            out.append("blocked");
            field(out, "serial", serial);
            out.append('\n');
        }
        return out.toString();
    }

    private static void optional(StringBuilder out, String key, @Nullable Instant value) {
        if (value != null) {
            field(out, key, value.toString());
        }
    }

    private static void field(StringBuilder out, String key, String value) {
        out.append(' ').append(key).append('=');
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c <= ' ' || c == '%' || c == 0x7f) {
                out.append(String.format("%%%02X", (int) c));
            } else {
                out.append(c);
            }
        }
    }

    /** Reads it; {@code DAMAGED} naming {@code file} and the line that is none. */
    static Register read(String text, String file) {
        var lines = text.split("\n", -1);
        if (!lines[0].equals(HEAD)) {
            throw damaged(file, 1, "it does not begin with '" + HEAD + "'");
        }
        if (!lines[lines.length - 1].isEmpty()) {
            throw damaged(file, lines.length, "the last line does not end");
        }
        var reading = new RegisterText();
        for (var i = 1; i < lines.length - 1; i++) {
            try {
                reading.add(lines[i]);
            } catch (TegaException | IllegalArgumentException | DateTimeException e) {
                throw damaged(file, i + 1, String.valueOf(e.getMessage()));
            }
        }
        return new Register(reading.tokens, reading.grants, reading.groups, reading.blocked);
    }

    private static TegaException damaged(String file, int line, String what) {
        return new TegaException.Damaged(file + ", line " + line + ": " + what
                + "; mend the line, or move the file away: then no token is valid and no grant in force");
    }

    private void add(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        var words = line.split(" ");
        var fields = new LinkedHashMap<String, String>();
        for (var i = 1; i < words.length; i++) {
            var equals = words[i].indexOf('=');
            if (equals < 0) {
                throw new TegaException.Invalid("'" + words[i] + "' is not key=value");
            }
            fields.put(words[i].substring(0, equals), decoded(words[i].substring(equals + 1)));
        }
        switch (words[0]) {
            case "token" -> tokens.put(field(fields, "id"), token(fields));
            case "allow", "deny" -> grants.add(grant(words[0].equals("deny"), fields));
            case "member" ->
                groups.computeIfAbsent(Name.group(field(fields, "group")), group -> new TreeSet<>())
                        .add(Name.single(field(fields, "name")));
            case "blocked" -> blocked.add(field(fields, "serial"));
            default -> throw new TegaException.Invalid("'" + words[0] + "' is not known here");
        }
    }

    private static StoredToken token(Map<String, String> fields) {
        return new StoredToken(
                new Token(
                        field(fields, "id"),
                        Name.plain(field(fields, "name")),
                        Instant.parse(field(fields, "made")),
                        field(fields, "by"),
                        time(fields.get("expires")),
                        time(fields.get("revoked"))),
                field(fields, "hash"));
    }

    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static Grant grant(boolean deny, Map<String, String> fields) {
        var actions = new TreeSet<Action>();
        for (var action : field(fields, "actions").split(",")) {
            actions.add(Action.valueOf(action.toUpperCase(Locale.ROOT)));
        }
        var pattern = PathPattern.parse(field(fields, "pattern"));
        Matcher.of(pattern);
        return new Grant(Name.any(field(fields, "name")), deny, actions, pattern);
    }

    private static String field(Map<String, String> fields, String key) {
        var value = fields.get(key);
        if (value == null) {
            throw new TegaException.Invalid("there is no " + key + "=");
        }
        return value;
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var out = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%' && i + 2 < text.length()) {
                out.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
