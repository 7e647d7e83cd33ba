package tega.plugins.openwrt;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * What an object of the bus tells of itself, as Server-Sent Events: {@code GET /ubus/subscribe/OBJECT}. Reads as lines come; no
 * thread waits for them.
 */
final class EventStream implements Flow.Subscriber<String>, AutoCloseable {
    private static final String DATA = "data:";
    private static final String EVENT = "event:";

    private final JsonCodec json;
    private final Ubus.Listener listener;
    private final CompletableFuture<HttpResponse<Void>> response;
    private final AtomicReference<Flow.@Nullable Subscription> lines = new AtomicReference<>();
    private String event = "";

    /** Begins. */
    EventStream(HttpClient http, URI uri, String session, JsonCodec json, Ubus.Listener listener) {
        this.json = json;
        this.listener = listener;
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + session)
                .header("Accept", "text/event-stream")
                .GET()
                .build();
        response = http.sendAsync(
                request,
                info -> info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.fromLineSubscriber(this)
                        : HttpResponse.BodySubscribers.discarding());
        CompletionStage<HttpResponse<Void>> end = response;
        end.whenComplete((answer, failure) -> listener.ended(
                failure != null
                        ? new IOException(String.valueOf(failure.getMessage()), failure)
                        : answer.statusCode() == 200
                                ? new IOException("the router ended the stream of events")
                                : new IOException("the router answers HTTP " + answer.statusCode())));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        lines.set(subscription);
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        if (line.startsWith(EVENT)) {
            event = line.substring(EVENT.length()).strip();
        } else if (line.startsWith(DATA)) {
            told(line.substring(DATA.length()).strip());
        }
    }

    private void told(String text) {
        try {
            if (json.readJson(text) instanceof ObjectValue data) {
                listener.happened(event, data);
            }
        } catch (TegaException e) {
            listener.happened(event, Value.object());
        }
    }

    @Override
    public void onError(Throwable failure) {
        // The response ends with it.
    }

    @Override
    public void onComplete() {
        // The response ends with it.
    }

    @Override
    public void close() {
        var subscription = lines.get();
        if (subscription != null) {
            subscription.cancel();
        }
        response.cancel(true);
    }
}
