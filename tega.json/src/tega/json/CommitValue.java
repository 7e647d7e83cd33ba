package tega.json;

import java.util.List;
import tega.api.Commit;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Value;

/** A commit as a value for people and for REST: full names, all that is there, the time by ISO 8601. */
final class CommitValue {
    private CommitValue() {}

    static Value of(Commit commit) {
        var value = ObjectValue.builder()
                .put("revision", Value.of(commit.revision()))
                .put("time", Value.of(commit.time().toString()))
                .put("author", Value.of(commit.by().author()))
                .put("tega_id", Value.of(commit.by().tegaId()))
                .put("origin", Value.of(commit.origin()))
                .put("kind", Value.of(commit.kind().wireName()))
                .put("edits", edits(commit.edits()));
        if (commit.message() != null) {
            value.put("message", Value.of(commit.message()));
        }
        if (commit.refersTo() != 0) {
            value.put("refers_to", Value.of(commit.refersTo()));
        }
        if (!commit.notes().isEmpty()) {
            value.put(
                    "notes", Value.array(commit.notes().stream().map(Value::of).toList()));
        }
        if (commit.confirm() != null) {
            value.put("confirm", confirm(commit.confirm()));
        }
        if (!commit.versions().isEmpty()) {
            var versions = ObjectValue.builder();
            commit.versions().forEach((root, version) -> versions.put(root, Value.of(version)));
            value.put("versions", versions.build());
        }
        return value.build();
    }

    private static Value confirm(Confirm confirm) {
        return ObjectValue.builder()
                .put("window_ms", Value.of(confirm.window().toMillis()))
                .put("automatic", Value.of(confirm.automatic()))
                .put("undo", edits(confirm.undo()))
                .build();
    }

    private static Value edits(List<Edit> edits) {
        return Value.array(edits.stream()
                .filter(edit -> !edit.ephemeral())
                .map(CommitValue::edit)
                .toList());
    }

    private static Value edit(Edit edit) {
        var value = ObjectValue.builder().put("path", edit.path().toValue());
        if (edit instanceof Edit.Put put) {
            return value.put("op", Value.of("put")).put("value", put.value()).build();
        }
        return value.put("op", Value.of("delete")).build();
    }
}
