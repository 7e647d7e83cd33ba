package tega.plugins.openwrt;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciDifference;
import tega.plugins.openwrt.uci.UciTree;

/**
 * What is known of one router: {@code operational-<router>.openwrt}. Only what changed is written.
 *
 * <pre>{@code
 * {"reachable": true, "reason": "", "url": "http://192.168.1.1", "board": {…},
 *  "apply": {"state": "trial", "revision": 17, "ops": 3, "deadline": "2026-01-01T00:01:00Z", "reason": ""},
 *  "interfaces": {"lan": {"up": true, "device": "br-lan", "proto": "static", "addresses": ["192.168.1.1/24"]}},
 *  "firmware": {"state": "staging", "image": "…", "size": 7340032, "sent": 1048576, "md5": "…", "release": "…", "reason": ""},
 *  "applied": {"revision": 16, "digest": "…"}, "failed": {"digest": "…", "reason": "…"},
 *  "uci": {"network": {"in-sync": false, "drift": [{"path": "lan.ipaddr", "kind": "changed", "want": "…", "have": "…"}]}}}
 * }</pre>
 */
final class RouterRecord {
    private final Tega tega;
    private final Path at;

    RouterRecord(Tega tega, String router) {
        this.tega = tega;
        this.at = Path.of("operational-" + router, "openwrt");
    }

    private void put(Path path, Value value) {
        if (!tega.get(path).equals(Optional.of(value))) {
            tega.put(path, value);
        }
    }

    private Optional<Value> get(String... names) {
        return tega.get(at.append(Path.of(names)));
    }

    private String text(String... names) {
        return get(names).orElse(null) instanceof StringValue text ? text.text() : "";
    }

    /** That it was reached at {@code url}. */
    void reached(String url) {
        put(at.child("reachable"), Value.of(true));
        put(at.child("reason"), Value.of(""));
        put(at.child("url"), Value.of(url));
    }

    /** That it was not reached. */
    void lost(String reason) {
        put(at.child("reachable"), Value.of(false));
        put(at.child("reason"), Value.of(reason));
    }

    /** Whether it was reached when that was tried last. */
    boolean isReachable() {
        return get("reachable").filter(Value.of(true)::equals).isPresent();
    }

    /** How one of its interfaces is. */
    void face(String name, ObjectValue state) {
        put(at.child("interfaces").child(name), state);
    }

    /** How a new firmware gets there; an empty object when none was ever brought. */
    ObjectValue firmware() {
        return get("firmware").orElse(null) instanceof ObjectValue object ? object : Value.object();
    }

    /** The same, newly. */
    void firmware(ObjectValue state) {
        put(at.child("firmware"), state);
    }

    /** What it is. */
    void board(ObjectValue board) {
        put(at.child("board"), board);
    }

    /** Where it was reached last, "" when never. */
    String url() {
        return text("url");
    }

    /** Where the application of {@code revision} stands. */
    void apply(Stage stage, long revision, int ops, String reason, @Nullable Instant deadline) {
        put(
                at.child("apply"),
                Value.object(Map.of(
                        "state", Value.of(stage.toString()),
                        "revision", Value.of(revision),
                        "ops", Value.of(ops),
                        "reason", Value.of(reason),
                        "deadline", Value.of(deadline == null ? "" : deadline.toString()))));
    }

    /** Where the last application stands. */
    Stage stage() {
        return Stage.of(text("apply", "state"));
    }

    /** Until when its trial lasts; long ago when it is none. */
    Instant deadline() {
        try {
            return Instant.parse(text("apply", "deadline"));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** The revision that is being applied, or was last. */
    long revision() {
        return get("apply", "revision").orElse(null) instanceof NumberValue number ? number.longValue() : 0;
    }

    /** That the router has the wish of {@code revision}, whose digest is {@code digest}. */
    void applied(long revision, String digest) {
        put(at.child("applied"), Value.object("revision", Value.of(revision), "digest", Value.of(digest)));
        forgive();
    }

    /** The revision whose wish the router was last made to have, 0 for none. */
    long appliedRevision() {
        return get("applied", "revision").orElse(null) instanceof NumberValue number ? number.longValue() : 0;
    }

    /** The digest of that wish. */
    String appliedDigest() {
        return text("applied", "digest");
    }

    /** That the wish with this digest is not to be tried again. */
    void failed(String digest, String reason) {
        put(at.child("failed"), Value.object("digest", Value.of(digest), "reason", Value.of(reason)));
    }

    /** The digest of the wish that failed last, "" when the last one did not. */
    String failedDigest() {
        return text("failed", "digest");
    }

    /** Why that failed. */
    String failedReason() {
        return text("failed", "reason");
    }

    /** That it may be tried again. */
    void forgive() {
        if (get("failed").isPresent()) {
            tega.delete(at.child("failed"));
        }
    }

    /** What differs in a package. */
    void drift(String name, List<UciDifference> differences) {
        put(
                at.child("uci").child(name),
                Value.object(
                        "in-sync", Value.of(differences.isEmpty()),
                        "drift", value(differences)));
    }

    /** Differences as values. */
    static Value value(List<UciDifference> differences) {
        return Value.array(differences.stream()
                .map(one -> {
                    var value = Value.object("path", Value.of(one.path()), "kind", Value.of(one.kind()));
                    if (one.want() != null) {
                        value = value.with("want", UciTree.of(one.want()));
                    }
                    return one.have() == null ? value : value.with("have", UciTree.of(one.have()));
                })
                .toList());
    }

    /** All that is known. */
    Value all() {
        return tega.get(at).orElse(Value.object());
    }
}
