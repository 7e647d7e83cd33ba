package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;
import tega.api.Value;

/** A whole answer: status, headers and body. */
final class Answer implements Reply {
    static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    static final HttpField YAML = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/yaml");
    static final HttpField PROBLEM = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/problem+json");
    private static final byte[] NOTHING = {};

    private final int status;
    private final @Nullable HttpField type;
    private final byte[] body;
    private long revision = -1;
    private @Nullable String tag;
    private List<HttpField> headers = List.of();

    Answer(int status, @Nullable HttpField type, byte[] body) {
        this.status = status;
        this.type = type;
        this.body = body;
    }

    /** v1's success: 200 and nothing. */
    static Answer empty() {
        return new Answer(200, null, NOTHING);
    }

    /** A JSON document that was written by hand, for v1's order of members. */
    static Answer json(String text) {
        return new Answer(200, JSON, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Answer json(byte[] text) {
        return new Answer(200, JSON, text);
    }

    static Answer json(Value value) {
        return json(value.toString());
    }

    /** The state of the database it tells about; without it the current one is told. */
    Answer at(long number) {
        revision = number;
        return this;
    }

    /** The entity tag, in its quotes. */
    Answer tag(String text) {
        tag = text;
        return this;
    }

    Answer with(String name, String value) {
        return with(new HttpField(name, value));
    }

    Answer with(HttpHeader header, String value) {
        return with(new HttpField(header, value));
    }

    private Answer with(HttpField field) {
        if (headers.isEmpty()) {
            headers = new ArrayList<>(2);
        }
        headers.add(field);
        return this;
    }

    int status() {
        return status;
    }

    @Nullable
    HttpField type() {
        return type;
    }

    byte[] body() {
        return body;
    }

    long revision() {
        return revision;
    }

    @Nullable
    String tag() {
        return tag;
    }

    List<HttpField> headers() {
        return headers;
    }
}
