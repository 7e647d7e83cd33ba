package tega.itest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.json.Json;

/** Chromium without a window, told what to do by its DevTools protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {
    private static final long PATIENCE = 60;

    private final Process process;
    private final WebSocket socket;
    private final StringBuilder partial = new StringBuilder();
    private final Json json = new Json();
    private String session = "";
    private int asked;
    private volatile CompletableFuture<ObjectValue> answer = new CompletableFuture<>();

    Browser(Path profile) throws Exception {
        process = new ProcessBuilder(List.of(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-extensions",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address()), this)
                .get(PATIENCE, TimeUnit.SECONDS);
        var target = ask("Target.createTarget", Value.object("url", Value.of("about:blank")));
        var attached = ask(
                "Target.attachToTarget", Value.object("targetId", target.get("targetId"), "flatten", Value.of(true)));
        session = ((StringValue) attached.get("sessionId")).text();
    }

    /** It says on stderr where it listens. */
    private String address() throws IOException {
        var told = new CompletableFuture<String>();
        var reader = new Thread(
                () -> {
                    try (var lines = new BufferedReader(
                            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                        Stream<String> all = lines.lines();
                        all.filter(line -> line.startsWith("DevTools listening on "))
                                .forEach(line -> told.complete(line.substring("DevTools listening on ".length())));
                    } catch (IOException | java.io.UncheckedIOException e) {
                        told.completeExceptionally(e);
                    }
                    told.completeExceptionally(new IOException("the browser ended"));
                },
                "browser");
        reader.setDaemon(true);
        reader.start();
        try {
            return told.get(PATIENCE, TimeUnit.SECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            throw new IOException("no browser", e);
        }
    }

    private ObjectValue ask(String method, ObjectValue parameters) throws Exception {
        asked++;
        answer = new CompletableFuture<>();
        var message =
                Value.object("id", Value.of(asked), "method", Value.of(method)).with("params", parameters);
        if (!session.isEmpty()) {
            message = message.with("sessionId", Value.of(session));
        }
        socket.sendText(message.toString(), true).get(PATIENCE, TimeUnit.SECONDS);
        var told = answer.get(PATIENCE, TimeUnit.SECONDS);
        if (!(told.get("result") instanceof ObjectValue result)) {
            throw new IOException(method + ": " + told);
        }
        return result;
    }

    /** Opens a page and waits until it is loaded. */
    void open(String url) throws Exception {
        ask("Page.navigate", Value.object("url", Value.of(url)));
        run(
                "new Promise(done => { const look = () => location.href !== 'about:blank' && document.readyState === 'complete'"
                        + " ? done('') : setTimeout(look, 20); look(); })");
    }

    /** What the script, or the promise it makes, comes to: a text. */
    String run(String script) throws Exception {
        var result = ask(
                "Runtime.evaluate",
                Value.object("expression", Value.of(script), "awaitPromise", Value.of(true))
                        .with("returnByValue", Value.of(true)));
        var value = ((ObjectValue) result.get("result")).get("value");
        if (!(value instanceof StringValue text)) {
            throw new IOException(script + ": " + result);
        }
        return text.text();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            var message = (ObjectValue) json.readJson(partial.toString().getBytes(StandardCharsets.UTF_8));
            partial.setLength(0);
            if (message.get("id") != null && message.get("id").equals(Value.of(asked))) {
                answer.complete(message);
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }
}
