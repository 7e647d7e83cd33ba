package tega.shell;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tega.api.Draft;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.api.spi.Server;

/** What one user of the shell has before them: the server, the place they edit, and the transaction they have begun. */
final class Workspace implements AutoCloseable {
    private final Server server;
    private final JsonCodec json;
    private Format format;
    private Path place = Path.EMPTY;
    private @Nullable Draft draft;
    private @Nullable Subscriptions subscriptions;
    private boolean files = true;

    Workspace(Server server, JsonCodec json, Format format) {
        this.server = server;
        this.json = json;
        this.format = format;
    }

    /** What this shell hears; who shows it is told once, before it is first asked for. */
    Subscriptions subscriptions() {
        if (subscriptions == null) {
            throw new TegaException.Invalid("there is nowhere to show what would be heard");
        }
        return subscriptions;
    }

    /** From now on the files of this machine are out of reach: who uses the shell sits at another one. */
    void withoutFiles() {
        files = false;
    }

    /** Whether files can be read and written. */
    boolean hasFiles() {
        return files;
    }

    /** Sets who shows what is heard, unless somebody does. */
    void hear(Subscriptions.Listener listener) {
        if (subscriptions != null) {
            return;
        }
        subscriptions = new Subscriptions(server, listener);
    }

    /** Ends what was begun here but is the server's: subscriptions; a transaction stays, and ends with its time. */
    @Override
    public void close() {
        if (subscriptions != null) {
            subscriptions.close();
        }
    }

    Server server() {
        return server;
    }

    Tega tega() {
        return server.tega();
    }

    JsonCodec json() {
        return json;
    }

    /** How answers are written when a command does not say. */
    Format format() {
        return format;
    }

    void format(Format other) {
        format = other;
    }

    /** The node that paths are relative to; the database itself, unless {@code edit} went somewhere. */
    Path place() {
        return place;
    }

    void place(Path other) {
        place = other;
    }

    /** The path that {@code text} means here; with a dot before it, it is taken from the top. */
    Path path(String text) {
        return text.startsWith(".") ? Path.parse(text.substring(1)) : place.append(Path.parse(text));
    }

    /** The nodes that {@code text} means here; a plain path means it and all below. */
    PathPattern pattern(String text) {
        if (text.indexOf('*') < 0) {
            return PathPattern.subtree(path(text));
        }
        return PathPattern.parse(place.isEmpty() ? text : place + "." + text);
    }

    /** The transaction that was begun. */
    Optional<Draft> draft() {
        return Optional.ofNullable(draft);
    }

    /** The transaction that was begun; {@code NOT_FOUND} when there is none. */
    Draft openDraft() {
        return draft().orElseThrow(
                        () -> new TegaException.NotFound("no transaction has been begun; begin or edit does so"));
    }

    /** Begins a transaction; {@code CONFLICT} when there is one. */
    Draft begin() {
        if (draft != null) {
            throw new TegaException.Conflict(
                    null, "the transaction " + draft.id() + " has been begun already; commit or cancel it first");
        }
        draft = tega().drafts().begin();
        return draft;
    }

    /** Forgets the transaction: it was committed, cancelled or has gone. */
    void forgetDraft() {
        draft = null;
    }

    /**
     * The value at {@code path}, the transaction's changes included. A transaction remembers what it was asked for, and does not
     * commit when that has changed since.
     */
    Optional<Value> get(Path path) {
        return draft == null ? tega().get(path) : draft.get(path);
    }

    /** The same only to look at: the transaction does not remember. */
    Optional<Value> look(Path path) {
        var committed = tega().get(path);
        return draft == null ? committed : Overlay.of(committed, path, draft.candidate());
    }

    /** Makes changes in the transaction that was begun, or else commits them at once. */
    void change(Consumer<Transaction> changes) {
        if (draft != null) {
            changes.accept(draft);
            return;
        }
        try (var transaction = tega().begin()) {
            changes.accept(transaction);
            transaction.commit();
        }
    }

    /** Names below {@code path} that begin with {@code prefix}, for completion; none when the server does not tell. */
    List<String> names(Path path, String prefix, int limit) {
        try {
            return server.names(path, prefix, limit);
        } catch (TegaException e) {
            return List.of();
        }
    }
}
