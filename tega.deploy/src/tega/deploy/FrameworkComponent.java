package tega.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import tega.api.TegaException;
import tega.api.spi.Inspectable;

/**
 * The framework this runs in. A candidate is tried out before anything stops: it is installed beside the rest, resolved by the
 * framework itself, and taken out again.
 */
final class FrameworkComponent implements Host {
    /** What all the rest stands on, and what would pull the rug from under this very code. */
    private static final Set<String> BASE = Set.of("tega.api", "tega.logging", "tega.deploy");

    private static final String OWN = "tega.";
    private static final String TRIAL = "tega-trial:";
    private static final long REFRESH_SECONDS = 30;

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final Map<String, Path> originals;
    private final Set<String> base;

    FrameworkComponent(BundleContext context, ServiceComponentRuntime components, Map<String, Path> originals) {
        this.context = context;
        this.components = components;
        this.originals = Map.copyOf(originals);
        this.base = base(context, originals.keySet());
    }

    /** What came with the distribution and is no leaf. */
    private static Set<String> base(BundleContext context, Set<String> leaves) {
        var base = new TreeSet<>(BASE);
        for (var bundle : context.getBundles()) {
            var name = name(bundle);
            var location = String.valueOf(bundle.getLocation());
            if (!name.startsWith(OWN) && !leaves.contains(name) && location.contains("/bundles/")) {
                base.add(name);
            }
        }
        base.add(name(context.getBundle(0)));
        return base;
    }

    private static String name(Bundle bundle) {
        return String.valueOf(bundle.getSymbolicName());
    }

    private @Nullable Bundle find(String name) {
        for (var bundle : context.getBundles()) {
            if (name.equals(bundle.getSymbolicName()) && !bundle.getLocation().startsWith(TRIAL)) {
                return bundle;
            }
        }
        return null;
    }

    @Override
    public boolean has(String name) {
        return find(name) != null;
    }

    @Override
    public Optional<Path> original(String name) {
        return Optional.ofNullable(originals.get(name));
    }

    @Override
    public Plan plan(Artifact candidate, Path jar) {
        refuseBase(candidate.name(), candidate.name());
        var restarts = new ArrayList<String>();
        var present = find(candidate.name());
        if (present != null) {
            restarts.add(candidate.name());
            for (var bundle : wiring().getDependencyClosure(List.of(present))) {
                refuseBase(name(bundle), candidate.name());
                if (!bundle.equals(present)) {
                    restarts.add(name(bundle));
                }
            }
        }
        tryOut(candidate, jar);
        return new Plan(present != null, restarts);
    }

    private void refuseBase(String touched, String name) {
        if (base.contains(touched)) {
            throw new TegaException.Conflict(
                    null,
                    touched + " is a part of the base, on which all the rest stands"
                            + (touched.equals(name) ? "" : ", and " + name + " cannot be exchanged without it")
                            + "; it comes with the next distribution");
        }
    }

    private void tryOut(Artifact candidate, Path jar) {
        Bundle trial = null;
        try (InputStream in = Files.newInputStream(jar)) {
            trial = context.installBundle(TRIAL + candidate.digest(), in);
            var missing = missing(trial);
            if (!missing.isEmpty()) {
                throw new TegaException.Conflict(
                        null, candidate + " does not fit this server: it needs " + String.join(", and ", missing));
            }
            if (!isSingleton(trial) && !wiring().resolveBundles(List.of(trial))) {
                throw new TegaException.Conflict(
                        null, candidate + " does not fit this server: what it needs is there, but not together");
            }
        } catch (BundleException | IOException e) {
            throw new TegaException.Conflict(null, candidate + " is not taken by the framework: " + sentence(e));
        } finally {
            if (trial != null) {
                uninstall(trial);
            }
        }
    }

    /** One of those cannot be resolved beside its elder. */
    private static boolean isSingleton(Bundle bundle) {
        var header = bundle.getHeaders("").get("Bundle-SymbolicName");
        return header != null && header.replace(" ", "").contains("singleton:=true");
    }

    /** What a bundle cannot do without and nobody has. */
    private List<String> missing(Bundle bundle) {
        var missing = new ArrayList<String>();
        var revision = bundle.adapt(BundleRevision.class);
        for (var requirement : revision.getDeclaredRequirements(null)) {
            var directives = requirement.getDirectives();
            var optional =
                    Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
            var effective =
                    directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
            if (!optional
                    && effective.equals(Namespace.EFFECTIVE_RESOLVE)
                    && wiring().findProviders(requirement).isEmpty()
                    && revision.getDeclaredCapabilities(requirement.getNamespace()).stream()
                            .noneMatch(requirement::matches)) {
                missing.add(told(requirement));
            }
        }
        return missing;
    }

    /** For a package: its name, the versions that would do, and those there are. */
    private String told(BundleRequirement requirement) {
        var filter = String.valueOf(requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE));
        if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
            return requirement.getNamespace() + " " + filter;
        }
        var wanted = filter.replaceAll("^.*\\(osgi\\.wiring\\.package=([^)]*)\\).*$", "$1");
        var there = new TreeSet<String>();
        for (var bundle : context.getBundles()) {
            var revision = bundle.adapt(BundleRevision.class);
            for (var capability : revision == null
                    ? List.<org.osgi.framework.wiring.BundleCapability>of()
                    : revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
                if (wanted.equals(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
                    there.add(String.valueOf(capability.getAttributes().get("version")));
                }
            }
        }
        return "the package " + wanted + range(filter)
                + (there.isEmpty() ? ", which nobody has" : ", of which there is " + String.join(", ", there));
    }

    private static String range(String filter) {
        var from = filter.contains("(version>=") ? filter.replaceAll("^.*?\\(version>=([^)]*)\\).*$", "$1") : "";
        var to = filter.contains("(!(version>=") ? filter.replaceAll("^.*\\(!\\(version>=([^)]*)\\)\\).*$", "$1") : "";
        return from.isEmpty() ? "" : " from " + from + (to.isEmpty() ? "" : " to below " + to);
    }

    @Override
    public void exchange(String name, Path jar) {
        var present = find(name);
        try (InputStream in = Files.newInputStream(jar)) {
            if (present == null) {
                context.installBundle("tega:" + name, in);
            } else {
                var affected = new ArrayList<>(wiring().getDependencyClosure(List.of(present)));
                present.stop(Bundle.STOP_TRANSIENT);
                present.update(in);
                if (affected.size() > 1 || present.getState() == Bundle.INSTALLED) {
                    refresh(List.of(present));
                }
            }
        } catch (BundleException | IOException | IllegalStateException e) {
            throw new TegaException.Unavailable(name + " cannot be put into the framework: " + sentence(e), e);
        }
    }

    @Override
    public void start(String name) {
        var bundle = find(name);
        if (bundle == null) {
            throw new TegaException.Unavailable(name + " is not in the framework");
        }
        try {
            if (bundle.adapt(BundleRevision.class).getTypes() != BundleRevision.TYPE_FRAGMENT) {
                bundle.start();
            }
        } catch (BundleException | IllegalStateException e) {
            throw new TegaException.Unavailable(name + " does not start: " + sentence(e), e);
        }
    }

    @Override
    public void stop(String name) {
        var bundle = find(name);
        try {
            if (bundle != null) {
                bundle.stop();
            }
        } catch (BundleException | IllegalStateException e) {
            throw new TegaException.Unavailable(name + " does not stop as it should: " + sentence(e), e);
        }
    }

    @Override
    public void remove(String name) {
        var bundle = find(name);
        if (bundle != null) {
            uninstall(bundle);
        }
    }

    private void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            System.getLogger("tega.deploy")
                    .log(System.Logger.Level.WARNING, bundle.getSymbolicName() + " did not stop as it should", e);
        }
        refresh(List.of(bundle));
    }

    /** Lets go of what was; waits for it. */
    private void refresh(List<Bundle> bundles) {
        var done = new CountDownLatch(1);
        wiring().refreshBundles(bundles, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        try {
            if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
                throw new TegaException.Unavailable("the framework did not let go of " + bundles);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(0).adapt(FrameworkWiring.class);
    }

    @Override
    public Set<String> standing() {
        var standing = new TreeSet<String>();
        for (var component : components.getComponentDescriptionDTOs()) {
            if (troubles(component).isEmpty()) {
                standing.add(component.bundle.symbolicName + "/" + component.name);
            }
        }
        return standing;
    }

    @Override
    public List<String> troubles(String name, Set<String> before) {
        var bundle = find(name);
        if (bundle == null || bundle.getState() != Bundle.ACTIVE) {
            return List.of(name + " is not running");
        }
        var troubles = new ArrayList<>(services(bundle));
        for (var component : components.getComponentDescriptionDTOs(bundle)) {
            troubles.addAll(troubles(component));
        }
        for (var component : components.getComponentDescriptionDTOs()) {
            var known = component.bundle.symbolicName + "/" + component.name;
            if (!component.bundle.symbolicName.equals(name)
                    && before.contains(known)
                    && !troubles(component).isEmpty()) {
                troubles.add(known + " worked before and does not now: " + String.join(", ", troubles(component)));
            }
        }
        return troubles;
    }

    private List<String> troubles(ComponentDescriptionDTO component) {
        var troubles = new ArrayList<String>();
        if (!component.defaultEnabled || "require".equals(component.configurationPolicy)) {
            return troubles;
        }
        var configurations = components.getComponentConfigurationDTOs(component);
        for (var configuration : configurations) {
            troubles.addAll(troubles(component, configuration));
        }
        return troubles;
    }

    private static List<String> troubles(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        switch (configuration.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION -> {
                var failure = String.valueOf(configuration.failure);
                return List.of("the component " + component.name + " failed: " + cause(failure));
            }
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                var missing = new ArrayList<String>();
                for (var unsatisfied : configuration.unsatisfiedReferences) {
                    for (var reference : component.references) {
                        if (reference.name.equals(unsatisfied.name)) {
                            missing.add("the component " + component.name + " waits for a service "
                                    + reference.interfaceName
                                    + (unsatisfied.target == null ? "" : " with " + unsatisfied.target));
                        }
                    }
                }
                return missing;
            }
            default -> {
                return List.of();
            }
        }
    }

    /** Of a stack trace the innermost exception: that is where it went wrong. */
    private static String cause(String trace) {
        var lines = trace.lines().toList();
        var told = lines.isEmpty() ? "" : lines.get(0);
        for (var line : lines) {
            if (line.startsWith("Caused by: ")) {
                told = line.substring("Caused by: ".length());
            }
        }
        return told;
    }

    /** Each of its services is asked for once, so that what is only made when it is used is made; and those that can tell how they are. */
    private List<String> services(Bundle bundle) {
        var troubles = new ArrayList<String>();
        var references = bundle.getRegisteredServices();
        for (var i = 0; references != null && i < references.length; i++) {
            try {
                look(references[i], troubles);
            } catch (RuntimeException e) {
                troubles.add("its service " + references[i] + " cannot be had: " + sentence(e));
            }
        }
        return troubles;
    }

    private void look(ServiceReference<?> reference, List<String> troubles) {
        var service = context.getService(reference);
        if (service == null) {
            return; // it has gone since, or its component says why
        }
        try {
            if (service instanceof Inspectable part) {
                part.trouble().ifPresent(troubles::add);
            }
        } finally {
            context.ungetService(reference);
        }
    }

    private static String sentence(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null || cause instanceof LinkageError ? cause.toString() : cause.getMessage();
    }
}
