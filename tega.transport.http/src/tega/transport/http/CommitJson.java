package tega.transport.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import tega.api.Change;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.Preview;
import tega.api.Value;
import tega.api.WatchEvent;

/** Commits, edits and changes as JSON, the same in REST, event streams and tega.v2 frames. */
final class CommitJson {
    private CommitJson() {}

    static ObjectValue commit(Commit commit) {
        var json = head(commit);
        json.put("edits", edits(commit.edits()));
        return json.build();
    }

    /** Everything about it but what it changed. */
    static ObjectValue.Builder head(Commit commit) {
        var json = ObjectValue.builder()
                .put("revision", Value.of(commit.revision()))
                .put("time", Value.of(commit.time().toString()))
                .put("author", Value.of(commit.by().author()))
                .put("tega_id", Value.of(commit.by().tegaId()))
                .put("origin", Value.of(commit.origin()))
                .put("kind", Value.of(commit.kind().wireName()))
                .put("versions", versions(commit.versions()));
        var message = commit.message();
        if (message != null) {
            json.put("message", Value.of(message));
        }
        if (commit.refersTo() != 0) {
            json.put("refers_to", Value.of(commit.refersTo()));
        }
        if (!commit.notes().isEmpty()) {
            json.put("notes", texts(commit.notes()));
        }
        var confirm = commit.confirm();
        if (confirm != null) {
            json.put("confirm", Value.of(confirm.window().toSeconds()));
        }
        return json;
    }

    static ObjectValue versions(Map<String, Long> versions) {
        var json = ObjectValue.builder();
        versions.forEach((root, version) -> json.put(root, Value.of(version)));
        return json.build();
    }

    static Value texts(Collection<String> texts) {
        return Value.array(texts.stream().map(Value::of).toList());
    }

    static Value edits(Collection<Edit> edits) {
        return Value.array(edits.stream().map(edit -> edit(edit).build()).toList());
    }

    private static ObjectValue.Builder edit(Edit edit) {
        var json = ObjectValue.builder().put("path", edit.path().toValue());
        if (edit instanceof Edit.Put put) {
            json.put("op", Value.of("put")).put("value", put.value());
            var owner = put.owner();
            if (owner != null) {
                json.put("owner", Value.of(owner));
            }
        } else {
            json.put("op", Value.of("delete"));
        }
        if (edit.ephemeral()) {
            json.put("ephemeral", Value.of(true));
        }
        return json;
    }

    /** What a watcher is told: the commit, its own part of the edits, and what was there before. */
    static ObjectValue.Builder change(Change change) {
        var json = head(change.commit());
        json.put(
                "edits",
                Value.array(change.edits().stream()
                        .map(edit -> {
                            var told = edit(edit);
                            change.previous(edit).ifPresent(value -> told.put("previous", value));
                            return told.build();
                        })
                        .toList()));
        if (change.skipped() > 0) {
            json.put("skipped", Value.of(change.skipped()));
        }
        return json;
    }

    static ObjectValue preview(Preview preview) {
        return ObjectValue.builder()
                .put("accepted", Value.of(preview.accepted()))
                .put("edits", edits(preview.edits()))
                .put("notes", texts(preview.notes()))
                .put("refusals", texts(preview.refusals()))
                .build();
    }

    /** The watched nodes as they are: each path with its value. */
    static ObjectValue initial(WatchEvent.Initial initial, PathPattern pattern) {
        var nodes = new ArrayList<Value>();
        Nodes.each(
                initial.snapshot().tree(),
                pattern,
                (path, value) -> nodes.add(Value.object("path", path.toValue(), "value", value)));
        return Value.object("revision", Value.of(initial.revision()), "nodes", Value.array(nodes));
    }
}
