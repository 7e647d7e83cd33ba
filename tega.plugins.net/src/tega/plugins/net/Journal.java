package tega.plugins.net;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** What has to be put back if nobody comes to the end of what was begun: a file, on disk before the first step. */
public final class Journal {
    /** What was there, and the interfaces that were about to be made. */
    record Entry(Network before, Set<String> claims) {}

    private final Path file;
    private final JsonCodec json;

    /** @param file where; its folder is made if it is not there */
    public Journal(Path file, JsonCodec json) {
        this.file = file;
        this.json = json;
    }

    /** What was begun and did not end. */
    Optional<Entry> open() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var claims = new TreeSet<String>();
        var value = json.readJson(Files.readAllBytes(file)) instanceof ObjectValue object ? object : Value.object();
        if (value.get("claims") instanceof ArrayValue array) {
            array.forEach(item -> claims.add(item instanceof StringValue text ? text.text() : ""));
        }
        var before = value.get("before");
        return Optional.of(new Entry(NetworkValue.of(before == null ? Value.object() : before), claims));
    }

    /** Keeps it; returns when it is on disk. */
    void begin(Network before, Set<String> claims) throws IOException {
        Files.createDirectories(file.getParent());
        var value = Value.object(
                "before",
                NetworkValue.value(before),
                "claims",
                Value.array(claims.stream().map(Value::of).toList()));
        var draft = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = FileChannel.open(draft, CREATE, WRITE, TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(json.toJson(value));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, ATOMIC_MOVE);
        settle();
    }

    /** What was begun has ended, one way or the other. */
    void end() throws IOException {
        if (Files.deleteIfExists(file)) {
            settle();
        }
    }

    private void settle() throws IOException {
        try (var folder = FileChannel.open(file.getParent(), READ)) {
            folder.force(true);
        }
    }
}
