package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/** The operational roots of a local server of version 1: it refers to them, and from then on gives notice of what is written there. */
final class ReferredRoots {
    static final String SHAPE = "NOTIFY, a newline and [{\"ope\":\"PUT|DELETE\",\"path\":…,\"instance\":…},…]";

    private final TreeSet<String> roots = new TreeSet<>();

    /** The roots that are referred to, each as the path it is subscribed to by. */
    List<Path> refer(List<Value> names) {
        var paths = new ArrayList<Path>();
        for (var name : names) {
            if (!(name instanceof StringValue text) || text.text().isEmpty()) {
                throw new TegaException.Invalid("REFER names roots");
            }
            paths.add(Path.of(text.text()));
        }
        paths.forEach(path -> roots.add(path.root()));
        return paths;
    }

    /** Takes over what one commit there did, as one commit here. */
    void take(Tega tega, Value notice) {
        if (!(notice instanceof ArrayValue entries)) {
            throw new TegaException.Invalid("this should be: " + SHAPE);
        }
        try (var tx = tega.begin()) {
            for (var entry : entries) {
                var object = TransactionResource.object(entry, "an entry of NOTIFY");
                var path = path(object);
                var value = object.get("instance");
                switch (text(object, "ope")) {
                    case "PUT" -> tx.put(path, value == null ? Value.NULL : value);
                    case "DELETE" -> {
                        if (tx.get(path).isPresent()) {
                            tx.delete(path);
                        }
                    }
                    default ->
                        throw new TegaException.Invalid(
                                path,
                                "of '" + path + "' only PUT and DELETE are taken over, not " + text(object, "ope"));
                }
            }
            tx.commit();
        }
    }

    private Path path(ObjectValue entry) {
        var path = Path.parse(text(entry, "path"));
        if (path.isEmpty() || !roots.contains(path.root())) {
            throw new TegaException.Invalid(
                    path, "'" + path + "' is of no root that was referred to; send REFER first");
        }
        return path;
    }

    private static String text(ObjectValue entry, String name) {
        if (entry.get(name) instanceof StringValue text) {
            return text.text();
        }
        throw new TegaException.Invalid("'" + name + "' is missing in an entry of NOTIFY");
    }
}
