package tega.plugins.openwrt.uci;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads UCI texts as the router does. Strict, it refuses a text with any fault, like {@code uci} and {@code rpcd}; lax, it
 * skips the commands that are at fault, like the scripts of the router, and tells which.
 */
public final class UciReader {
    private final boolean strict;
    private final boolean alone;
    private final List<UciError> skipped = new ArrayList<>();

    private UciReader(boolean strict, boolean alone) {
        this.strict = strict;
        this.alone = alone;
    }

    /** Reads a text that {@code uci import} would take: a line {@code package NAME} begins another package. */
    public static UciReader ofImports(boolean strict) {
        return new UciReader(strict, false);
    }

    /** Reads a file of {@code /etc/config}, whose name is that of the package whatever a line {@code package} says. */
    public static UciReader ofFiles(boolean strict) {
        return new UciReader(strict, true);
    }

    /** What was passed over so far because it is at fault; only a lax reader does that. */
    public List<UciError> skipped() {
        return Collections.unmodifiableList(skipped);
    }

    /** The packages of {@code bytes}, the first of which is called {@code name} unless the text begins by naming it. */
    public List<UciPackage> read(String name, byte[] bytes) throws UciError {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var words = new UciWords(text);
        var zero = text.indexOf('\0');
        if (zero >= 0) {
            throw words.error(zero, "there is a NUL byte");
        }
        var draft = new UciDraft(name, strict);
        while (words.line()) {
            try {
                commands(words, draft);
            } catch (UciError e) {
                if (strict || draft.isSpoilt()) {
                    throw e;
                }
                skipped.add(e);
            }
        }
        return draft.packages();
    }

    private void commands(UciWords words, UciDraft draft) throws UciError {
        for (var keyword = words.keyword(); !keyword.isEmpty(); keyword = words.keyword()) {
            switch (keyword) {
                case "package", "p" -> {
                    words.afterKeyword(keyword);
                    var name = name(words, "package", true);
                    end(words);
                    if (!alone) {
                        draft.enter(name, words);
                    }
                }
                case "config", "c" -> config(keyword, words, draft);
                case "option", "o" -> option(keyword, words, draft, false);
                case "list", "l" -> option(keyword, words, draft, true);
                default -> throw words.error("'" + shown(keyword) + "' is no keyword: package, config, option or list");
            }
        }
    }

    private void config(String keyword, UciWords words, UciDraft draft) throws UciError {
        words.afterKeyword(keyword);
        var type = words.argument();
        if (type.isEmpty()) {
            throw words.error("the section has no type");
        }
        if (!UciNames.isType(type)) {
            throw words.error("'" + shown(type) + "' is no type of a section: visible ASCII characters only");
        }
        var name = words.argument();
        if (!name.isEmpty() && !UciNames.isName(name)) {
            throw words.error("'" + shown(name) + "' is no name of a section: letters, digits and _ only");
        }
        end(words);
        draft.section(type, name, words);
    }

    private void option(String keyword, UciWords words, UciDraft draft, boolean list) throws UciError {
        if (!draft.hasSection()) {
            throw words.error("'" + keyword + "' stands before the first section");
        }
        words.afterKeyword(keyword);
        var name = name(words, "option", false);
        var value = words.argument();
        end(words);
        draft.option(name, Octets.text(value), list);
    }

    private static String name(UciWords words, String what, boolean dashes) throws UciError {
        var name = words.argument();
        if (name.isEmpty()) {
            throw words.error("the " + what + " has no name");
        }
        if (!(dashes ? UciNames.isPackage(name) : UciNames.isName(name))) {
            throw words.error("'" + shown(name) + "' is no name of a" + (dashes ? " package" : "n " + what)
                    + ": letters, digits and _" + (dashes ? " and -" : "") + " only");
        }
        return name;
    }

    /** Strict, nothing may follow; lax, one more word is passed over. */
    private void end(UciWords words) throws UciError {
        var more = words.argument();
        if (!more.isEmpty() && strict) {
            throw words.error("'" + shown(more) + "' is one argument too many (a value with blanks needs quotes)");
        }
    }

    /** Strange bytes would spoil the terminal that shows a message. */
    private static String shown(String word) {
        var text = new StringBuilder();
        Octets.text(word).codePoints().limit(40).forEach(c -> {
            if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000)) {
                text.append(String.format("\\x%02x", c & 0xff));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }
}
