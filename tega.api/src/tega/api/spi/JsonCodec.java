package tega.api.spi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Value;

/**
 * Text to value and back. Reading is strict: duplicate names, NaN, trailing text and bad UTF-8 are {@code INVALID}, and more
 * levels than configured (somewhat more than {@link tega.api.Limits#depth()}) are {@code LIMIT}, with line and column, found
 * without building more than was read. For any number of threads.
 */
@ProviderType
public interface JsonCodec {
    /** Reads one JSON document (RFC 8259, UTF-8) of at most {@code maxBytes} bytes and leaves the stream open. */
    Value readJson(InputStream in, int maxBytes) throws IOException;

    /** Reads one JSON document. */
    Value readJson(byte[] json);

    /** Reads one JSON document. */
    Value readJson(String json);

    /** Writes compact JSON in UTF-8; lone surrogates as escapes. */
    void writeJson(Value value, OutputStream out) throws IOException;

    /** Compact JSON in UTF-8. */
    byte[] toJson(Value value);

    /** JSON over several lines, two blanks a level, for people; no newline at the end. */
    String toPrettyJson(Value value);

    /** Reads one YAML document by the JSON schema of YAML 1.2; only what JSON can say: no tags, anchors bounded. */
    Value readYaml(String yaml);

    /**
     * YAML for people: block style, innermost collections (those that hold scalars only) in flow style, strings plain where
     * they read back as strings, a newline at the end. {@code readYaml(toYaml(v))} equals {@code v}.
     */
    String toYaml(Value value);
}
