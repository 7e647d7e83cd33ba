package tega.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tega.api.Limits;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** JSON and YAML, strict where they are read. Cheap to make only once: it keeps the names it has seen. */
public final class Json implements JsonCodec {
    /** How many levels the messages around a value, and arrays inside it, may add to those of a path. */
    private static final int AROUND = 32;

    private final int depth;
    private final NameTable names = new NameTable();

    /** Takes the levels that {@link Limits#DEFAULT} allows, and 32 more for arrays and for what is around the data. */
    public Json() {
        this(Limits.DEFAULT.depth() + AROUND);
    }

    /** Takes at most {@code depth} levels of objects and arrays, which are 1 to 256. */
    public Json(int depth) {
        if (depth < 1 || depth > JsonScanner.DEEPEST) {
            throw new IllegalArgumentException(
                    "the depth of JSON is limited to 1 to " + JsonScanner.DEEPEST + ", not " + depth);
        }
        this.depth = depth;
    }

    @Override
    public Value readJson(InputStream in, int maxBytes) throws IOException {
        var json = in.readNBytes(maxBytes);
        if (json.length == maxBytes && in.read() >= 0) {
            throw new TegaException.LimitExceeded("the JSON text is longer than " + maxBytes + " bytes");
        }
        return readJson(json);
    }

    @Override
    public Value readJson(byte[] json) {
        return read(json, 0, json.length);
    }

    @Override
    public Value readJson(String json) {
        try {
            var bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
            return read(bytes.array(), bytes.arrayOffset(), bytes.limit());
        } catch (CharacterCodingException e) {
            throw new TegaException.Invalid("the JSON text holds half of a surrogate pair; it is written as an escape");
        }
    }

    private Value read(byte[] json, int offset, int length) {
        return new JsonScanner(json, offset, offset + length, depth, names).document();
    }

    @Override
    public void writeJson(Value value, OutputStream out) throws IOException {
        var writer = new JsonWriter(out);
        writer.value(value);
        writer.finish();
    }

    @Override
    public byte[] toJson(Value value) {
        return JsonWriter.toBytes(value);
    }

    @Override
    public String toPrettyJson(Value value) {
        return PrettyJson.of(value);
    }

    @Override
    public Value readYaml(String yaml) {
        return YamlReader.read(yaml, depth);
    }

    @Override
    public String toYaml(Value value) {
        return YamlWriter.of(value);
    }
}
