package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real browser: a page from the server may watch, connect and write, a page from elsewhere may nothing. */
@Timeout(180)
class BrowserTest {
    /** Reads, watches, connects and writes; tells how each ended. */
    private static final String PAGE = """
            (async base => {
              const told = [];
              const soon = (promise, otherwise) =>
                Promise.race([promise, new Promise(done => setTimeout(() => done(otherwise), 15000))]);
              told.push(await fetch(base + '/page/leaf').then(r => r.text(), e => 'refused'));
              told.push(await soon(new Promise(done => {
                const events = new EventSource(base + '/_watch?path=page&initial=1');
                events.addEventListener('initial', e => { events.close(); done('event ' + JSON.parse(e.data).nodes.length); });
                events.onerror = e => { events.close(); done('refused'); };
              }), 'nothing'));
              told.push(await soon(new Promise(done => {
                const socket = new WebSocket(base.replace('http', 'ws') + '/_pubsub');
                socket.onopen = e => socket.send('SESSION page local');
                socket.onmessage = e => { socket.close(); done(e.data.split(' ')[0]); };
                socket.onerror = e => done('refused');
              }), 'nothing'));
              told.push(await soon(new Promise(done => {
                const socket = new WebSocket(base.replace('http', 'ws') + '/_pubsub', 'tega.v2');
                socket.onopen = e => { socket.close(); done('open ' + socket.protocol); };
                socket.onerror = e => done('refused');
              }), 'nothing'));
              told.push(await fetch(base + '/page/written', {method: 'PUT', body: '1'}).then(r => '' + r.status, e => 'refused'));
              told.push(await fetch(base + '/_clear', {method: 'POST', mode: 'no-cors'}).then(r => r.type + ' ' + r.status, e => 'refused'));
              return told.join('|');
            })('%s')""";

    @TempDir
    private Path folder;

    @Test
    void aPageMayWhatItsOriginMay() throws Exception {
        var elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            var page = "<!doctype html><title>elsewhere</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        elsewhere.start();
        try (var rig = Rig.boot(folder.resolve("data"));
                var browser = new Browser(folder.resolve("profile"))) {
            rig.put("/page/leaf", "\"read\"");
            var script = PAGE.formatted(rig.address());

            browser.open("http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/");
            assertThat(browser.run(script)).isEqualTo("refused|refused|refused|refused|refused|opaque 0");
            assertThat(rig.get("/page").body())
                    .as("nothing was written or cleared")
                    .isEqualTo("{\"leaf\":\"read\"}");

            browser.open(rig.address() + "/_health");
            assertThat(browser.run(script)).isEqualTo("\"read\"|event 1|SESSIONACK|open tega.v2|200|basic 200");
            assertThat(rig.get("/_roots").body()).as("its own page may clear").isEqualTo("{}");
        } finally {
            elsewhere.stop(0);
        }
    }
}
