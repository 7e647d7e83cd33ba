package tega.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A server talking to itself for a moment, so that the class archive written at the end of this run has what a first
 * request needs. What the answers say does not matter; the data folder of such a run is thrown away.
 */
final class Rehearsal {
    private final URI address;

    Rehearsal(URI address) {
        this.address = address;
    }

    void run() throws IOException {
        request("GET", "/_health", "");
        request("PUT", "/rehearsal/a", "{\"b\":[1,2.5,\"c\",true,null]}");
        request("GET", "/rehearsal", "");
        request("GET", "/_roots", "");
        request("DELETE", "/rehearsal/a", "");
        request("GET", "/absent", "");
    }

    private void request(String method, String path, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) address.resolve(path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(2_000);
        connection.setReadTimeout(2_000);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        InputStream answer =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
        if (answer != null) {
            try (answer) {
                answer.readAllBytes();
            }
        }
    }
}
