package tega.itest;

import static java.util.Objects.requireNonNull;
import static tega.itest.ConformanceTest.items;
import static tega.itest.ConformanceTest.text;
import static tega.itest.Play.message;
import static tega.itest.Play.path;
import static tega.itest.Play.value;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Draft;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/** The verbs of the scenarios that are about the database, on {@link Tega}. */
final class Database implements AutoCloseable {
    private final Play play;
    private final Map<String, Draft> drafts = new HashMap<>();
    private final Map<String, Watch> watches = new HashMap<>();

    Database(Play play) {
        this.play = play;
    }

    @Override
    public void close() {
        watches.values().forEach(Watch::close);
    }

    Value act(String verb, ObjectValue step) throws Exception {
        var server = play.client(step);
        var tega = server.tega();
        if (verb.startsWith("draft-")) {
            return draft(verb.substring(6), requireNonNull(drafts.get(text(step, "draft"))), step);
        }
        return switch (verb) {
            case "get" ->
                found(
                        step,
                        step.has("version")
                                ? server.get(path(step, "path"), number(step, "version"))
                                : step.has("revision")
                                        ? server.at(path(step, "path"), number(step, "revision"))
                                        : tega.get(path(step, "path")));
            case "put", "merge", "patch", "delete", "tx" -> {
                try (var transaction = tega.begin()) {
                    operate(transaction, verb.equals("tx") ? items(step, "ops") : List.of(step));
                    Optional.ofNullable(message(step)).ifPresent(transaction::message);
                    if (step.has("confirm")) {
                        transaction.confirm(Duration.ofSeconds(number(step, "confirm")), false);
                    }
                    var commit = transaction.commit();
                    yield verb.equals("tx") ? told(commit) : Value.of(commit.revision());
                }
            }
            case "preview" -> {
                try (var transaction = tega.begin()) {
                    operate(transaction, items(step, "ops"));
                    var preview = transaction.preview();
                    yield Value.object("accepted", Value.of(preview.accepted()), "edits", edits(preview.edits()))
                            .with("notes", texts(preview.notes()))
                            .with("refusals", texts(preview.refusals()));
                }
            }
            case "draft" -> {
                drafts.put(text(step, "draft"), tega.drafts().begin());
                yield Value.NULL;
            }
            case "log" -> {
                var from = step.has("from") ? number(step, "from") : Long.MAX_VALUE;
                var limit = step.has("limit") ? (int) number(step, "limit") : 100;
                yield Value.array(tega.history().log(path(step, "path"), from, limit).stream()
                        .map(Database::told)
                        .toList());
            }
            case "diff" -> edits(tega.history().diff(number(step, "from"), number(step, "to"), path(step, "path")));
            case "blame" ->
                Value.array(tega.history().blame(path(step, "path")).stream()
                        .map(leaf -> Value.object("path", leaf.path().toValue(), "value", leaf.value())
                                .with("revision", Value.of(leaf.revision())))
                        .toList());
            case "rollback" -> revision(tega.history().rollback(text(step, "root"), number(step, "version")));
            case "revert" -> revision(tega.history().revert(number(step, "revision")));
            case "tag" -> revision(tega.history().tag(text(step, "name"), number(step, "revision")));
            case "tags" -> numbers(tega.history().tags());
            case "pending" ->
                Value.array(tega.confirmations().pending().stream()
                        .map(pending -> revision(pending.commit()))
                        .toList());
            case "confirm" -> confirm(tega, step);
            case "roots" -> numbers(server.roots());
            case "old" -> {
                var old = ObjectValue.builder();
                server.olderVersions()
                        .forEach((root, versions) -> old.put(
                                root,
                                Value.array(versions.stream().map(Value::of).toList())));
                yield old.build();
            }
            case "edges" ->
                Value.array(server.edges(text(step, "root"), step.has("old")).stream()
                        .<Value>map(edge -> Value.array(Value.of(edge.parent()), Value.of(edge.child())))
                        .toList());
            case "owner" -> tega.owner(path(step, "path")).<Value>map(Value::of).orElse(Value.NULL);
            case "clear" -> revision(tega.clear());
            case "watch" -> {
                watches.put(text(step, "watch"), tega.watch(request(step)));
                yield Value.NULL;
            }
            case "next" -> next(watching(step));
            case "count" -> count(watching(step), number(step, "count"));
            case "unwatch" -> {
                watching(step).close();
                yield Value.NULL;
            }
            case "burst" -> burst(tega, path(step, "path"), number(step, "count"));
            default -> throw new IllegalArgumentException("no runner knows '" + verb + "'");
        };
    }

    private static Value found(ObjectValue step, Optional<Value> value) {
        var path = path(step, "path");
        return value.orElseThrow(() -> new TegaException.NotFound(path, "there is no '" + path + "'"));
    }

    private static long number(ObjectValue step, String name) {
        return ((NumberValue) value(step, name)).longValue();
    }

    private void operate(Transaction transaction, List<Value> operations) throws Exception {
        for (var item : operations) {
            var op = (ObjectValue) item;
            if (text(op, "do").equals("meanwhile")) {
                for (var step : items(op, "steps")) {
                    play.step((ObjectValue) step);
                }
                continue;
            }
            var path = path(op, "path");
            switch (text(op, "do")) {
                case "get" -> read(transaction.get(path), op);
                case "put" -> {
                    if (op.has("ephemeral")) {
                        transaction.putEphemeral(path, value(op, "value"));
                    } else {
                        transaction.put(path, value(op, "value"));
                    }
                }
                case "merge" -> transaction.merge(path, value(op, "value"));
                case "patch" -> transaction.patch(path, value(op, "value"));
                case "delete" -> transaction.delete(path);
                case "expect" -> transaction.expect(path, expectation(op));
                default -> throw new IllegalArgumentException(op.toString());
            }
        }
    }

    private static void read(Optional<Value> value, ObjectValue op) {
        var gives = op.get("gives");
        if (value.isPresent() == op.has("fails") || (gives != null && !Likeness.equal(gives, value.orElseThrow()))) {
            throw new AssertionError("read " + value + " at " + op);
        }
    }

    private static Expectation expectation(ObjectValue op) {
        if (op.has("revision")) {
            return new Expectation.AtRevision(number(op, "revision"));
        }
        if (op.has("version")) {
            return new Expectation.AtVersion(number(op, "version"));
        }
        if (op.has("value")) {
            return new Expectation.Equal(value(op, "value"));
        }
        return op.has("absent") ? new Expectation.Absent() : new Expectation.Present();
    }

    private static Value draft(String verb, Draft draft, ObjectValue step) {
        switch (verb) {
            case "get" -> {
                return found(step, draft.get(path(step, "path")));
            }
            case "put" -> draft.put(path(step, "path"), value(step, "value"));
            case "merge" -> draft.merge(path(step, "path"), value(step, "value"));
            case "delete" -> draft.delete(path(step, "path"));
            case "edits" -> {
                return edits(draft.candidate());
            }
            case "cancel" -> draft.close();
            case "commit" -> {
                Optional.ofNullable(message(step)).ifPresent(draft::message);
                return revision(draft.commit());
            }
            default -> throw new IllegalArgumentException(verb);
        }
        return Value.NULL;
    }

    private static Value confirm(Tega tega, ObjectValue step) {
        var confirmations = tega.confirmations();
        var revision = number(step, "revision");
        switch (text(step, "action")) {
            case "cancel" -> confirmations.cancel(revision);
            case "extend" -> confirmations.extend(revision, Duration.ofSeconds(number(step, "window")));
            default -> confirmations.confirm(revision);
        }
        return Value.NULL;
    }

    private Watch watching(ObjectValue step) {
        return requireNonNull(watches.get(text(step, "watch")));
    }

    private static WatchRequest request(ObjectValue step) {
        var request = WatchRequest.of(
                step.has("pattern")
                        ? PathPattern.parse(text(step, "pattern"))
                        : PathPattern.subtree(path(step, "path")));
        request = step.has("since") ? request.from(number(step, "since")) : request;
        request = step.has("initial") ? request.withInitial() : request;
        return step.has("own") ? request.withoutOwn() : request;
    }

    private static Value next(Watch watching) throws InterruptedException {
        while (true) {
            var event = watching.take(Play.PATIENCE);
            if (event.isEmpty()) {
                throw new AssertionError("no event within " + Play.PATIENCE);
            }
            var told = told(event.get());
            if (told != null) {
                return told;
            }
        }
    }

    /** Null for what the scenarios pass over. */
    private static @Nullable Value told(WatchEvent event) {
        if (event instanceof WatchEvent.Changed changed) {
            var commit = changed.change().commit();
            var rollCall = commit.kind() == CommitKind.LEASE && commit.refersTo() == commit.revision();
            var edits = new ArrayList<Value>();
            for (var edit : changed.change().edits()) {
                var json = edit(edit);
                edits.add(changed.change()
                        .previous(edit)
                        .map(value -> json.with("previous", value))
                        .orElse(json));
            }
            return rollCall
                    ? null
                    : told(commit).with("event", Value.of("change")).with("edits", Value.array(edits));
        }
        if (event instanceof WatchEvent.Initial initial) {
            return initial(initial);
        }
        return event instanceof WatchEvent.Compacted compacted
                ? Value.object("event", Value.of("compacted"), "oldest", Value.of(compacted.oldest()))
                : null;
    }

    /** The node of the scenario that watches one: the API gives the tree around it. */
    private static Value initial(WatchEvent.Initial initial) {
        var path = new ArrayList<String>();
        Value value = initial.snapshot().get(Path.EMPTY).orElseThrow();
        while (path.size() < 2 && value instanceof ObjectValue object && object.size() == 1) {
            var only = object.iterator().next();
            path.add(only.name());
            value = only.value();
        }
        var node = Value.object("path", Path.of(path).toValue(), "value", value);
        return Value.object("event", Value.of("initial"), "revision", Value.of(initial.revision()))
                .with("nodes", Value.array(node));
    }

    private static Value count(Watch watching, long count) throws InterruptedException {
        var last = 0L;
        for (var i = 0; i < count; i++) {
            var revision = ((NumberValue) value((ObjectValue) next(watching), "revision")).longValue();
            if (revision <= last) {
                throw new AssertionError("revision " + revision + " after " + last);
            }
            last = revision;
        }
        return Value.of(count);
    }

    private static Value burst(Tega tega, Path path, long count) throws Exception {
        var threads = Executors.newFixedThreadPool(16);
        try {
            var puts = new ArrayList<java.util.concurrent.Future<Commit>>();
            for (var i = 1L; i <= count; i++) {
                var value = Value.of(i);
                puts.add(threads.submit(() -> tega.put(path, value)));
            }
            for (var put : puts) {
                put.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return Value.NULL;
    }

    private static Value revision(Commit commit) {
        return Value.of(commit.revision());
    }

    private static ObjectValue told(Commit commit) {
        var message = commit.message();
        return ObjectValue.builder()
                .put("revision", Value.of(commit.revision()))
                .put("author", Value.of(commit.by().author()))
                .put("tega_id", Value.of(commit.by().tegaId()))
                .put("kind", Value.of(commit.kind().wireName()))
                .put("message", message == null ? Value.NULL : Value.of(message))
                .put("versions", numbers(commit.versions()))
                .put("edits", edits(commit.edits()))
                .build();
    }

    private static Value edits(Collection<Edit> edits) {
        return Value.array(edits.stream().map(Database::edit).toList());
    }

    private static ObjectValue edit(Edit edit) {
        var told = edit instanceof Edit.Put put
                ? Value.object("op", Value.of("put"), "value", put.value())
                : Value.object("op", Value.of("delete"));
        told = told.with("path", edit.path().toValue());
        return edit.ephemeral() ? told.with("ephemeral", Value.of(true)) : told;
    }

    private static Value texts(Collection<String> texts) {
        return Value.array(texts.stream().map(Value::of).toList());
    }

    private static ObjectValue numbers(Map<String, Long> numbers) {
        var told = ObjectValue.builder();
        numbers.forEach((name, number) -> told.put(name, Value.of(number)));
        return told.build();
    }
}
