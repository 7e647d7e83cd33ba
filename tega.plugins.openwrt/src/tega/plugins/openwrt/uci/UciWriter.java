package tega.plugins.openwrt.uci;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes packages as {@code uci export} does. */
public final class UciWriter {
    private UciWriter() {}

    /** A file of {@code /etc/config}. */
    public static byte[] file(UciPackage written) {
        var text = new StringBuilder();
        body(written, text);
        return Octets.of(text.toString());
    }

    /** What {@code uci export} prints of these packages. */
    public static byte[] export(List<UciPackage> written) {
        var bytes = new ByteArrayOutputStream();
        for (var one : written) {
            bytes.writeBytes(Octets.of(text(one)));
        }
        return bytes.toByteArray();
    }

    /** What {@code uci export} prints of this package, as text; bytes that are not UTF-8 stand in it as lone surrogates. */
    public static String text(UciPackage written) {
        var text = new StringBuilder("package ").append(written.name()).append('\n');
        body(written, text);
        return text.toString();
    }

    private static void body(UciPackage written, StringBuilder text) {
        for (var section : written.sections()) {
            text.append("\nconfig ").append(type(section.type()));
            if (!section.anonymous()) {
                text.append(" '").append(section.id()).append('\'');
            }
            text.append('\n');
            section.options().forEach((name, option) -> {
                for (var item : option.items()) {
                    text.append(option.list() ? "\tlist " : "\toption ")
                            .append(name)
                            .append(" '")
                            .append(quotedInside(item))
                            .append("'\n");
                }
            });
        }
        text.append('\n');
    }

    /** As it is, as the router writes it, or quoted where the router could not read that again. */
    private static String type(String type) {
        var isPlain = type.chars().noneMatch(c -> "'\"\\#;".indexOf(c) >= 0);
        return isPlain ? type : "'" + quotedInside(type) + "'";
    }

    /** A quote ends the quotes, stands escaped, and begins them again. */
    private static String quotedInside(String text) {
        return text.replace("'", "'\\''");
    }
}
