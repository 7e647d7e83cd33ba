package tega.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Replays a text of requests and frames against a server and compares every answer to the byte.
 *
 * <pre>
 * > PUT /a/b?tega_id=me        a request; more lines with > are headers, with >> the body
 * < 200                        its status; more lines with < are headers that must be there so; with << the body
 * A connect                    a WebSocket, by any capital; A connect Origin: … with a header
 * A> SESSION me local          a frame it sends, ⏎ for a newline
 * A< SESSIONACK srv         the next frame it gets
 * A close                      A closed 4409: it was closed with this code
 * </pre>
 *
 * {@code {{name}}} stands for what was not known before: caught where it is first met in an answer, put in everywhere else.
 */
public final class Transcript {
    private static final Pattern HOLE = Pattern.compile("\\{\\{(\\w+)}}");

    /** What the stopped clock of the tests shows. */
    private static final String STOPPED = "\"time\":\"1970-01-01T00:00:00Z\"";

    private static final Pattern TIME = Pattern.compile("\"time\":\"[^\"]*\"");

    private final URI server;
    private final Map<String, String> known = new HashMap<>();
    private final Map<Character, Connection> connections = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private String at = "";
    private boolean anyTime;

    /** Of the server at this address. */
    public Transcript(URI server) {
        this.server = server;
    }

    /** For a server whose time goes on: where a transcript has the time of commits it is not compared. */
    public Transcript atAnyTime() {
        anyTime = true;
        return this;
    }

    /** All transcripts, and the pages of the documentation that have some. */
    public static List<Path> all() throws IOException {
        var all = new ArrayList<Path>();
        try (var files = Files.list(Path.of("../tega.transport.http/test/transcripts"))) {
            files.sorted().forEach(all::add);
        }
        all.add(Path.of("../docs/rest.md"));
        all.add(Path.of("../docs/websocket.md"));
        return all;
    }

    /** Sends what is in the file, and compares what comes. */
    public void replay(Path file) throws Exception {
        var lines = lines(file);
        for (var i = 0; i < lines.size(); ) {
            var line = lines.get(i);
            at = file.getFileName() + ":" + (i + 1) + " " + line;
            if (line.isBlank() || line.startsWith("#")) {
                i++;
            } else if (line.startsWith("> ")) {
                i = exchange(lines, i);
            } else if (line.length() > 2 && Character.isUpperCase(line.charAt(0))) {
                frame(line);
                i++;
            } else {
                throw new IllegalArgumentException(at);
            }
        }
    }

    /** The lines of a transcript; of a page of the documentation, those in blocks marked as one. */
    static List<String> lines(Path file) throws IOException {
        var all = Files.readAllLines(file);
        if (!file.toString().endsWith(".md")) {
            return all;
        }
        var lines = new ArrayList<String>();
        var inside = false;
        for (var line : all) {
            if (line.startsWith("```")) {
                inside = line.equals("```transcript");
                lines.add("");
            } else {
                lines.add(inside ? line : "");
            }
        }
        return lines;
    }

    private int exchange(List<String> lines, int from) throws IOException {
        var i = from;
        var request = new ArrayList<String>();
        var body = new StringBuilder();
        var expectedHeaders = new ArrayList<String>();
        var expectedBody = new StringBuilder();
        for (; i < lines.size() && !lines.get(i).isBlank() && !lines.get(i).startsWith("#"); i++) {
            var line = lines.get(i);
            if (line.startsWith(">> ")) {
                body.append(line.substring(3));
            } else if (line.startsWith("> ")) {
                if (!expectedHeaders.isEmpty()) {
                    break;
                }
                request.add(line.substring(2));
            } else if (line.startsWith("<< ")) {
                expectedBody.append(line.substring(3).replace("⏎", "\n"));
            } else if (line.startsWith("< ")) {
                expectedHeaders.add(line.substring(2));
            } else {
                break;
            }
        }
        var answer = send(request, fill(body.toString()));
        check(answer, expectedHeaders, expectedBody.toString());
        return i;
    }

    private byte[] send(List<String> request, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(fill(request.get(0)) + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n");
        request.stream().skip(1).forEach(header -> head.append(fill(header)).append("\r\n"));
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(60_000);
            var out = new ByteArrayOutputStream();
            out.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
            out.writeBytes(bytes);
            socket.getOutputStream().write(out.toByteArray());
            return socket.getInputStream().readAllBytes();
        }
    }

    private void check(byte[] answer, List<String> expectedHeaders, String expectedBody) {
        var text = new String(answer, StandardCharsets.UTF_8);
        var end = text.indexOf("\r\n\r\n");
        assertThat(end).as(at + "\n" + text).isPositive();
        var head = text.substring(0, end).split("\r\n", -1);
        var body = text.substring(end + 4);
        assertThat(head[0].split(" ", -1)[1] + " " + body).as(at).startsWith(expectedHeaders.get(0) + " ");
        for (var header : expectedHeaders.subList(1, expectedHeaders.size())) {
            assertThat(head).as(at).anyMatch(line -> line.equalsIgnoreCase(fill(header)));
        }
        if (!expectedBody.equals("*")) {
            match(body, expectedBody);
        }
    }

    /** Compares, and catches what is not known yet. */
    private void match(String told, String expected) {
        var actual = anyTime && expected.contains(STOPPED) ? TIME.matcher(told).replaceAll(STOPPED) : told;
        var filled = fill(expected);
        var holes = HOLE.matcher(filled);
        var pattern = new StringBuilder();
        var names = new ArrayList<String>();
        var from = 0;
        while (holes.find()) {
            pattern.append(Pattern.quote(filled.substring(from, holes.start()))).append("(.+?)");
            names.add(holes.group(1));
            from = holes.end();
        }
        if (names.isEmpty()) {
            assertThat(actual).as(at).isEqualTo(filled);
            return;
        }
        pattern.append(Pattern.quote(filled.substring(from)));
        var matcher = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual);
        assertThat(matcher.matches()).as(at + "\n" + actual).isTrue();
        for (var i = 0; i < names.size(); i++) {
            known.put(names.get(i), matcher.group(i + 1));
        }
    }

    private String fill(String text) {
        return HOLE.matcher(text)
                .replaceAll(hole ->
                        java.util.regex.Matcher.quoteReplacement(known.getOrDefault(hole.group(1), hole.group())));
    }

    private void frame(String line) throws Exception {
        var name = line.charAt(0);
        var rest = line.substring(1);
        if (rest.startsWith("> ")) {
            connections
                    .get(name)
                    .socket
                    .sendText(fill(rest.substring(2)).replace("⏎", "\n"), true)
                    .get(60, TimeUnit.SECONDS);
        } else if (rest.startsWith("< ")) {
            match(
                    String.valueOf(connections.get(name).next()),
                    rest.substring(2).replace("⏎", "\n"));
        } else if (rest.startsWith(" connect")) {
            connect(name, rest.substring(" connect".length()).strip());
        } else if (rest.equals(" close")) {
            connections.get(name).socket.sendClose(1000, "").get(60, TimeUnit.SECONDS);
        } else if (rest.startsWith(" closed ")) {
            assertThat(connections.get(name).next()).as(at).startsWith("closed " + rest.substring(8));
        } else {
            throw new IllegalArgumentException(at);
        }
    }

    private void connect(char name, String option) throws Exception {
        var connection = new Connection();
        var builder = http.newWebSocketBuilder();
        if (option.startsWith("v2")) {
            builder.subprotocols("tega.v2");
        } else if (!option.isEmpty()) {
            var colon = option.indexOf(':');
            builder.header(
                    option.substring(0, colon), fill(option.substring(colon + 1).strip()));
        }
        var uri = URI.create("ws://" + server.getAuthority() + "/_pubsub");
        connection.socket = builder.buildAsync(uri, connection).get(60, TimeUnit.SECONDS);
        connections.put(name, connection);
    }

    private static final class Connection implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        private WebSocket socket;

        String next() throws InterruptedException {
            return frames.poll(60, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                frames.add(partial.toString());
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            frames.add("closed " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            frames.add("error " + error);
        }
    }
}
