package tega.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import tega.api.ObjectValue;
import tega.api.Value;
import tega.api.plugin.ChangeListener;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Inspectable;

/**
 * A plugin of many builds: answers {@code visitor.version} with its own, and behaves as the header {@code Behaviour} of its manifest
 * says. Here are also newer builds of what the distribution has.
 */
public final class Visitor implements BundleActivator {
    static final String NAME = "tega.itest.visitor";

    @Override
    public void start(BundleContext context) {
        var headers = context.getBundle().getHeaders("");
        var version = headers.get("Bundle-Version");
        switch (String.valueOf(headers.get("Behaviour"))) {
            case "throws" -> throw new IllegalStateException("out of paper");
            case "sick" -> context.registerService(Inspectable.class, new Sick(), null);
            case "blocks" -> {
                var watch = FrameworkUtil.asDictionary(Map.of("tega.watch", new String[] {"blocked.**"}));
                context.registerService(ChangeListener.class, change -> block(), watch);
                answer(context, "visitor.block", call -> {
                    block();
                    return Value.NULL;
                });
                answer(context, "visitor.exit", call -> {
                    throw new ThreadDeath();
                });
            }
            default -> {}
        }
        answer(context, "visitor.version", call -> Value.of(version));
    }

    @SuppressWarnings("WaitNotInLoop") // for ever
    private static void block() {
        var never = new Object();
        synchronized (never) {
            try {
                never.wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void answer(BundleContext context, String path, RpcHandler handler) {
        context.registerService(
                RpcHandler.class, handler, FrameworkUtil.asDictionary(Map.of("tega.rpc", new String[] {path})));
    }

    @Override
    public void stop(BundleContext context) {}

    /** A part that says it does not work. */
    private static final class Sick implements Inspectable {
        @Override
        public String subject() {
            return "visitor";
        }

        @Override
        public java.util.Optional<String> trouble() {
            return java.util.Optional.of("the visitor has a cold");
        }

        @Override
        public ObjectValue figures() {
            return Value.object();
        }
    }

    /** A build of it. */
    static Path build(Path jar, String version, String... headers) {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", NAME);
        main.putValue("Bundle-Version", version);
        main.putValue("Bundle-Activator", Visitor.class.getName());
        main.putValue("Import-Package", "org.osgi.framework,tega.api,tega.api.plugin,tega.api.spi");
        for (var i = 0; i < headers.length; i += 2) {
            main.putValue(headers[i], headers[i + 1]);
        }
        try {
            Files.createDirectories(jar.getParent());
            try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (var type : new Class<?>[] {Visitor.class, Sick.class}) {
                    var name = type.getName().replace('.', '/') + ".class";
                    out.putNextEntry(new JarEntry(name));
                    try (InputStream in = Visitor.class.getClassLoader().getResourceAsStream(name)) {
                        in.transferTo(out);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    /** The distribution's bundle of this name with another version, and with other headers. */
    static Path rebuild(String name, Path jar, String version, String... headers) {
        var original = Installation.bundles().stream()
                .filter(bundle ->
                        bundle.getFileName().toString().matches(java.util.regex.Pattern.quote(name) + "-\\d.*"))
                .findFirst()
                .orElseThrow();
        try (var in = new JarFile(original.toFile())) {
            var manifest = in.getManifest();
            var changed = new LinkedHashMap<String, String>();
            changed.put("Bundle-Version", version);
            for (var i = 0; i < headers.length; i += 2) {
                changed.put(headers[i], headers[i + 1]);
            }
            changed.forEach(manifest.getMainAttributes()::putValue);
            try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (var entry : java.util.Collections.list(in.entries())) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.getInputStream(entry).transferTo(out);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }
}
