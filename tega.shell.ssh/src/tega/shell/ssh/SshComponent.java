package tega.shell.ssh;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Inspectable;
import tega.api.spi.Shells;

/** Listens for SSH when the server was started with {@code --ssh}. */
@Component(immediate = true)
public final class SshComponent implements Inspectable {
    private final @Nullable SshDoor door;

    /** Starts. */
    @Activate
    public SshComponent(
            BundleContext context,
            @Reference Shells shells,
            @Reference(target = "(tega.fatal=true)", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    Consumer<String> fatal) {
        var port = context.getProperty("tega.ssh");
        door = port == null ? null : open(context, Integer.parseInt(port), shells, fatal);
    }

    private static @Nullable SshDoor open(
            BundleContext context, int port, Shells shells, @Nullable Consumer<String> fatal) {
        var bind = Optional.ofNullable(context.getProperty("tega.bind")).orElse("127.0.0.1");
        var folder = Path.of(context.getProperty("tega.data"), "ssh");
        var opened = new SshDoor(bind, port, folder, shells);
        try {
            opened.start();
            return opened;
        } catch (TegaException e) {
            if (fatal == null) {
                throw e;
            }
            fatal.accept(e.getMessage());
            return null;
        }
    }

    @Deactivate
    void stop() {
        if (door != null) {
            door.close();
        }
    }

    @Override
    public String subject() {
        return "ssh";
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public ObjectValue figures() {
        return door == null
                ? Value.object()
                : Value.object("port", Value.of(door.port()), "sessions", Value.of(door.sessions()));
    }
}
