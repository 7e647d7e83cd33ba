package tega.access;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.spi.Access;
import tega.api.spi.Action;
import tega.api.spi.Authenticator;
import tega.api.spi.Authorizer;
import tega.api.spi.Credentials;
import tega.api.spi.Inspectable;
import tega.api.spi.Routes;
import tega.api.spi.ShellCommand;

/** Makes {@link AccessControl} services. When tokens and grants cannot be read the server does not go on without them. */
@Component(
        immediate = true,
        service = {Access.class, Authenticator.class, Authorizer.class, Inspectable.class})
public final class AccessComponent implements Access, Authenticator, Authorizer, Inspectable {
    private final AccessControl control;
    private final List<ServiceRegistration<?>> contributions = new ArrayList<>();

    /** Opens the folder {@code access} in that of the data. */
    @Activate
    public AccessComponent(
            BundleContext context,
            @Reference(target = "(tega.fatal=true)", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    Consumer<String> fatal) {
        var options = new AccessOptions(
                !Boolean.parseBoolean(context.getProperty("tega.access.closed")),
                Boolean.parseBoolean(context.getProperty("tega.insecure")));
        try {
            var data = context.getProperty("tega.data");
            if (data == null) {
                throw new TegaException.Invalid("there is no data folder: the property tega.data is not set");
            }
            control = AccessControl.open(Path.of(data, "access"), options, InstantSource.system(), new SecureRandom());
        } catch (TegaException e) {
            if (fatal != null) {
                fatal.accept(e.getMessage());
            }
            throw e;
        }
    }

    @Activate
    void contribute(BundleContext context) {
        contributions.add(context.registerService(Routes.class, new AccessRoutes(control), null));
        for (var command : new AccessCommands(control).all()) {
            contributions.add(context.registerService(ShellCommand.class, command, null));
        }
    }

    @Deactivate
    void close() {
        contributions.forEach(ServiceRegistration::unregister);
        control.close();
    }

    @Override
    public Administration as(Identity by) {
        return control.as(by);
    }

    @Override
    public boolean hasTokens() {
        return control.hasTokens();
    }

    @Override
    public Identity authenticate(Credentials credentials, @Nullable String tegaId) {
        return control.authenticator().authenticate(credentials, tegaId);
    }

    @Override
    public boolean permits(Identity identity, Action action, tega.api.Path path) {
        return control.authorizer().permits(identity, action, path);
    }

    @Override
    public Extent extent(Identity identity, Action action, tega.api.Path path) {
        return control.authorizer().extent(identity, action, path);
    }

    @Override
    public void require(Identity identity, Action action, tega.api.Path path) {
        control.authorizer().require(identity, action, path);
    }

    @Override
    public String subject() {
        return control.subject();
    }

    @Override
    public Optional<String> trouble() {
        return control.trouble();
    }

    @Override
    public ObjectValue figures() {
        return control.figures();
    }
}
