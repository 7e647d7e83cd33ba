package tega.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.BooleanValue;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Source;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Foreign;

/** A write to a replica on its way to the home: a line with the commit it wants, then a line for each condition. */
final class Requests {
    private Requests() {}

    /** The frame; what was read holds at the home's revision {@code since}. */
    static Frame frame(SyncNode node, String stream, long number, Foreign write, long since) {
        var lines = new ArrayList<String>();
        lines.add(line(node, number, write));
        for (var condition : write.conditions()) {
            lines.add(write(condition, since).toString());
        }
        return Frame.of("write").with("stream", stream).with("n", number).lines(lines);
    }

    private static String line(SyncNode node, long number, Foreign write) {
        var commit = new Commit(
                number,
                node.scheduler().now(),
                write.by(),
                node.id(),
                write.kind(),
                write.message(),
                0,
                write.edits(),
                write.notes(),
                null,
                Map.of(),
                write.sources());
        return new String(node.commits().encode(commit), StandardCharsets.UTF_8);
    }

    private static Value write(Foreign.Condition condition, long since) {
        var told = Value.object("path", condition.path().toValue());
        if (condition instanceof Foreign.Unchanged unchanged) {
            return told.with("present", Value.of(unchanged.present())).with("since", Value.of(since));
        }
        var expectation = ((Foreign.Expected) condition).expectation();
        if (expectation instanceof Expectation.Equal equal) {
            return told.with("expect", Value.of("equal")).with("value", equal.value());
        }
        return told.with("expect", Value.of(expectation instanceof Expectation.Absent ? "absent" : "present"));
    }

    /** What {@code from} wants; {@code INVALID} when it is not for {@code roots}. */
    static Foreign read(SyncNode node, String from, Set<String> roots, Frame frame) {
        var commit = commit(node, frame);
        for (var edit : commit.edits()) {
            if (edit.path().isEmpty() || !roots.contains(edit.path().root())) {
                throw new TegaException.Invalid(edit.path(), "'" + edit.path() + "' is not of the stream");
            }
        }
        var conditions = new ArrayList<Foreign.Condition>();
        for (var line : frame.lines().subList(1, frame.lines().size())) {
            conditions.add(condition(node.json().readJson(line)));
        }
        var sources = new ArrayList<Source>();
        sources.add(new Source(Streams.writes(from), frame.number("n"), ""));
        sources.addAll(commit.sources());
        return new Foreign(
                commit.by(),
                null,
                null,
                commit.kind() == CommitKind.CLEAR ? CommitKind.EDIT : commit.kind(),
                commit.message(),
                commit.edits(),
                commit.notes(),
                null,
                sources,
                conditions,
                false);
    }

    /** The commit in the first line. */
    static Commit commit(SyncNode node, Frame frame) {
        if (frame.lines().isEmpty()) {
            throw new TegaException.Invalid("the commit is missing in a frame");
        }
        var bytes = frame.lines().get(0).getBytes(StandardCharsets.UTF_8);
        return node.commits().decode(bytes, 0, bytes.length);
    }

    private static Foreign.Condition condition(Value told) {
        if (!(told instanceof ObjectValue object)) {
            throw new TegaException.Invalid("a condition is an object");
        }
        var path = Path.from(present(object.get("path")));
        if (object.get("since") instanceof NumberValue since) {
            var there = object.get("present") instanceof BooleanValue truth && truth.truth();
            return new Foreign.Unchanged(path, there, since.longValue());
        }
        var expect = object.get("expect") instanceof StringValue text ? text.text() : "";
        return new Foreign.Expected(
                path,
                switch (expect) {
                    case "equal" -> new Expectation.Equal(present(object.get("value")));
                    case "absent" -> new Expectation.Absent();
                    case "present" -> new Expectation.Present();
                    default -> throw new TegaException.Invalid("'" + expect + "' is not an expectation");
                });
    }

    private static Value present(@Nullable Value value) {
        if (value == null) {
            throw new TegaException.Invalid("a member of a condition is missing");
        }
        return value;
    }

    /** The commit of a write that had nothing to change. */
    static Commit nothing(SyncNode node) {
        return new Commit(
                node.replication().standing().snapshot().revision(),
                node.scheduler().now(),
                new Identity("tega", node.id()),
                node.id(),
                CommitKind.EDIT,
                null,
                0,
                List.of(),
                List.of(),
                null,
                Map.of());
    }
}
