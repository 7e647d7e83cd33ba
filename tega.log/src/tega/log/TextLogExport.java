package tega.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Value;
import tega.api.spi.ReplicaProvider;

/** Writes the history as a text commit log of version 1. Where history does not begin with the empty database, its first transaction sets every root. */
final class TextLogExport {
    private final LogFolder folder;
    private final PrintStream out;
    private long count;

    TextLogExport(LogFolder folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** Writes {@code file}, which must not exist. */
    boolean run(Path file) throws IOException {
        LogTool.checkNew(file);
        var unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            write(unfinished);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        out.println("exported " + count + " commits to " + file);
        return true;
    }

    private void write(Path file) throws IOException {
        var catalog = folder.catalog();
        try (var text = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            var after = begin(catalog, text);
            folder.commits(commit -> {
                if (commit.revision() > after) {
                    write(commit, text);
                }
                return true;
            });
        }
    }

    /** The revision whose state was written, 0 for the empty database. */
    private long begin(Catalog catalog, BufferedWriter text) throws IOException {
        if (catalog.first().isBase()) {
            return 0;
        }
        var replica = LogTool.found(ReplicaProvider.class).replica(folder.codec());
        var picture = folder.picture(catalog.oldest());
        replica.restore(picture);
        text.write("?\n");
        for (var root : replica.snapshot().tree().top()) {
            write(Edit.put(tega.api.Path.of(root.name()), root.value()), "export", text);
        }
        text.write("@0\n");
        return picture.revision();
    }

    private void write(Commit commit, BufferedWriter text) throws IOException {
        var durable = commit.edits().stream().filter(edit -> !edit.ephemeral()).toList();
        if (durable.isEmpty()) {
            return;
        }
        text.write("?\n");
        for (var edit : durable) {
            write(edit, commit.by().tegaId(), text);
        }
        text.write("@" + BigDecimal.valueOf(commit.time().toEpochMilli(), 3) + "\n");
        count++;
    }

    private static void write(Edit edit, String tegaId, BufferedWriter text) throws IOException {
        var line = new StringBuilder("{'ope': ");
        PythonLiteral.write(Value.of(edit instanceof Edit.Put ? "PUT" : "DELETE"), line);
        for (var field : List.of(List.of("path", edit.path().toString()), List.of("tega_id", tegaId))) {
            line.append(", '").append(field.get(0)).append("': ");
            PythonLiteral.write(Value.of(field.get(1)), line);
        }
        line.append(", 'instance': ");
        PythonLiteral.write(edit instanceof Edit.Put put ? put.value() : Value.NULL, line);
        text.write(line.append("}\n").toString());
    }
}
