package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Packages while they are read. */
final class UciDraft {
    private final boolean strict;
    private final List<UciPackage> done = new ArrayList<>();
    private @Nullable String name;
    private boolean begun;
    private boolean spoilt;
    private Map<String, Section> sections = new LinkedHashMap<>();
    private @Nullable Section section;

    /** Its label is the name in the file; of an anonymous section what the router calls it. */
    private static final class Section {
        final String label;
        final boolean anonymous;
        final Map<String, UciOption> options = new LinkedHashMap<>();
        String type;

        Section(String label, String type, boolean anonymous) {
            this.label = label;
            this.type = type;
            this.anonymous = anonymous;
        }
    }

    UciDraft(String name, boolean strict) {
        this.name = name;
        this.strict = strict;
    }

    /** Whether what follows makes no sense even to a lax reader. */
    boolean isSpoilt() {
        return spoilt;
    }

    boolean hasSection() {
        return section != null;
    }

    /** Begins the package {@code next}. */
    void enter(String next, UciWords words) throws UciError {
        finish();
        name = next;
        begun = true;
        if (done.stream().anyMatch(other -> other.name().equals(next))) {
            spoilt = true;
            throw words.error("the package '" + next + "' was there before");
        }
    }

    private void finish() {
        if (begun && name != null) {
            done.add(new UciPackage(name, named(sections.values())));
        }
        sections = new LinkedHashMap<>();
        section = null;
        begun = false;
    }

    /** Begins a section, or goes on with the one of this name; {@code label} is "" for an anonymous one. */
    void section(String type, String label, UciWords words) throws UciError {
        begun = true;
        if (label.isEmpty()) {
            add(new Section(UciPackage.positional(sections.size(), type), type, true));
            return;
        }
        var there = sections.get(label);
        if (there == null) {
            add(new Section(label, type, false));
            return;
        }
        if (strict && !there.type.equals(type)) {
            throw words.error("the section '" + label + "' is a '" + there.type + "' further up and cannot be a '"
                    + type + "' too");
        }
        there.type = type;
        section = there;
    }

    private void add(Section added) {
        sections.put(added.label, added);
        section = added;
    }

    /** Sets an option of the section, or appends to it. Setting it to "" changes nothing. */
    void option(String option, String value, boolean list) {
        var options = Objects.requireNonNull(section).options;
        if (!list) {
            if (!value.isEmpty()) {
                options.put(option, UciOption.of(value));
            }
            return;
        }
        var there = options.get(option);
        options.put(option, there == null ? UciOption.of(List.of(value)) : there.and(value));
    }

    /** All that was read; of an empty text one empty package. */
    List<UciPackage> packages() {
        begun |= done.isEmpty();
        finish();
        return List.copyOf(done);
    }

    /** Gives the anonymous ones the names by which the tree knows them: {@code _TYPE__N}, N from 1 for each type. */
    private static List<UciSection> named(Iterable<Section> sections) {
        var ids = new UciIds();
        for (var section : sections) {
            if (!section.anonymous) {
                ids.take(section.label);
            }
        }
        var named = new ArrayList<UciSection>();
        for (var section : sections) {
            var id = section.anonymous ? ids.next(section.type) : section.label;
            named.add(new UciSection(id, section.type, section.anonymous, section.options));
        }
        return named;
    }
}
