package tega.itest;

import static java.util.Objects.requireNonNull;
import static tega.itest.Play.path;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.Registration;
import tega.api.spi.Server;

/** What the clients of a scenario answer, and how often they were asked. */
final class Services {
    private record Key(String client, Path path) {}

    private record Service(AtomicLong served, Registration registration) {}

    private final Map<Key, Service> services = new HashMap<>();

    void serve(Server client, String name, ObjectValue step) {
        var served = new AtomicLong();
        var answer = (ObjectValue) requireNonNull(step.get("answer"));
        var registration = client.serve(path(step, "path"), call -> {
            served.incrementAndGet();
            return answer(answer, call);
        });
        services.put(new Key(name, path(step, "path")), new Service(served, registration));
    }

    private static Value answer(ObjectValue answer, RpcCall call) throws InterruptedException {
        if (answer.has("echo")) {
            return Value.object("args", Value.array(call.args())).with("kwargs", call.kwargs());
        }
        if (answer.get("error") instanceof StringValue sentence) {
            throw new IllegalStateException(sentence.text());
        }
        if (answer.has("never")) {
            new CountDownLatch(1).await();
        }
        return requireNonNull(answer.get("value"));
    }

    long served(String client, Path path) {
        return service(client, path).served().get();
    }

    void unserve(String client, Path path) {
        service(client, path).registration().close();
    }

    private Service service(String client, Path path) {
        return requireNonNull(found(client, path), () -> client + " does not serve " + path);
    }

    private @Nullable Service found(String client, Path path) {
        return services.get(new Key(client, path));
    }
}
