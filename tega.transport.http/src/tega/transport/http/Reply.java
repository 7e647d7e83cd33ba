package tega.transport.http;

import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** How a request is answered. */
sealed interface Reply permits Answer, Reply.Later, Reply.Stream {
    /** Not yet; no thread waits. A failure of the stage is answered as an error. */
    record Later(CompletionStage<Answer> answer) implements Reply {}

    /** By something that writes for as long as the client listens. */
    @FunctionalInterface
    non-sealed interface Stream extends Reply {
        /** Takes over the response, and completes {@code callback} in the end. */
        void begin(Request request, Response response, Callback callback);
    }
}
