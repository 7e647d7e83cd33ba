package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the sections of a router the names by which the tree knows them already. */
public final class UciIdentities {
    private UciIdentities() {}

    /**
     * {@code there} with anonymous sections called as in {@code known}, where they are the same, and else by new names that
     * none has; {@code known} is null when the tree has nothing yet.
     */
    public static UciPackage keep(UciPackage there, @Nullable UciPackage known) {
        var labels = new HashMap<String, String>();
        var ids = new UciIds();
        var old = known == null ? List.<UciSection>of() : known.sections();
        UciAlignment.of(old, there.sections()).forEach((id, section) -> labels.put(section.id(), id));
        old.forEach(section -> ids.take(section.id()));
        there.sections().stream().filter(section -> !section.anonymous()).forEach(section -> ids.take(section.id()));
        var named = new ArrayList<UciSection>();
        for (var section : there.sections()) {
            var id = section.id();
            if (section.anonymous()) {
                id = labels.containsKey(id) ? labels.get(id) : ids.next(section.type());
            }
            named.add(new UciSection(id, section.type(), section.anonymous(), section.options()));
        }
        return new UciPackage(there.name(), named);
    }
}
