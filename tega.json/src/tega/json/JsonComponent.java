package tega.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tega.api.Commit;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;

/** Offers the codecs as services. */
@Component
public final class JsonComponent implements JsonCodec, CommitCodec {
    private final JsonCodec json = new Json();
    private final CommitCodec commits = new Commits();

    /** With the default limits. */
    @Activate
    public JsonComponent() {}

    @Override
    public Value readJson(InputStream in, int maxBytes) throws IOException {
        return json.readJson(in, maxBytes);
    }

    @Override
    public Value readJson(byte[] text) {
        return json.readJson(text);
    }

    @Override
    public Value readJson(String text) {
        return json.readJson(text);
    }

    @Override
    public void writeJson(Value value, OutputStream out) throws IOException {
        json.writeJson(value, out);
    }

    @Override
    public byte[] toJson(Value value) {
        return json.toJson(value);
    }

    @Override
    public String toPrettyJson(Value value) {
        return json.toPrettyJson(value);
    }

    @Override
    public Value readYaml(String yaml) {
        return json.readYaml(yaml);
    }

    @Override
    public String toYaml(Value value) {
        return json.toYaml(value);
    }

    @Override
    public byte[] encode(Commit commit) {
        return commits.encode(commit);
    }

    @Override
    public Commit decode(byte[] bytes, int offset, int length) {
        return commits.decode(bytes, offset, length);
    }

    @Override
    public Value toValue(Commit commit) {
        return commits.toValue(commit);
    }
}
