package tega.rpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Rpc;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Authorizer;
import tega.api.spi.Callee;
import tega.api.spi.Calls;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;
import tega.api.spi.Scheduler;

/** Gives the calls to the doors and to other bundles, and the handlers of plugins to the calls. */
@Component(service = {Calls.class, Inspectable.class})
public final class RpcComponent implements Calls, Inspectable {
    private static final String PATHS = "tega.rpc";

    private final AtomicReference<@Nullable Tega> tega = new AtomicReference<>();
    private final AtomicReference<@Nullable Authorizer> authorizer = new AtomicReference<>();
    private final LocalCalls calls;

    /** Made by the component runtime. */
    @Activate
    public RpcComponent(@Reference Scheduler scheduler) {
        calls = new LocalCalls(this::read, scheduler, Authorizer.of(authorizer::get));
    }

    private Optional<Value> read(Path path) {
        var present = tega.get();
        if (present == null) {
            throw new TegaException.Unavailable("tega.store is not running; try again in a second");
        }
        return present.get(path);
    }

    @Override
    public Rpc as(Identity caller) {
        return calls.as(caller);
    }

    @Override
    public Registration attach(Identity owner, Callee callee) {
        return calls.attach(owner, callee);
    }

    @Override
    public List<String> owners() {
        return calls.owners();
    }

    @Override
    public Optional<CompletionStage<Value>> here(RpcCall call) {
        return calls.here(call);
    }

    @Override
    public List<Path> paths() {
        return calls.paths();
    }

    @Override
    public Registration route(Beyond beyond) {
        return calls.route(beyond);
    }

    @Override
    public String subject() {
        return calls.subject();
    }

    @Override
    public Optional<String> trouble() {
        return calls.trouble();
    }

    @Override
    public ObjectValue figures() {
        return calls.figures();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindTega(Tega part) {
        tega.set(part);
    }

    void unbindTega(Tega part) {
        tega.compareAndSet(part, null);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAuthorizer(Authorizer part) {
        authorizer.set(part);
    }

    void unbindAuthorizer(Authorizer part) {
        authorizer.compareAndSet(part, null);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHandler(RpcHandler handler, Map<String, ?> properties) {
        for (var path : paths(properties)) {
            calls.add(Path.parse(path), handler);
        }
    }

    void unbindHandler(RpcHandler handler, Map<String, ?> properties) {
        for (var path : paths(properties)) {
            calls.remove(Path.parse(path), handler);
        }
    }

    private static String[] paths(Map<String, ?> properties) {
        var paths = properties.get(PATHS);
        if (paths instanceof String one) {
            return new String[] {one};
        }
        return paths instanceof String[] several ? several : new String[0];
    }
}
