package tega.itest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.Value;
import tega.api.plugin.RpcHandler;

/** A plugin for the tests: answers what the transcripts call, and reads back what it is told to by the service it gets. */
public final class Guest implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        answer(context, "local.echo", call -> Value.array(call.args()));
        answer(context, "local.nothing", call -> Value.NULL);
        answer(context, "local.fails", call -> {
            throw new IllegalStateException("out of paper");
        });
        answer(context, "local.read", call -> {
            var database = context.getService(context.getServiceReference(Tega.class));
            var path = tega.api.Path.parse(((StringValue) call.args().get(0)).text());
            return database.get(path).<Value>map(Value::array).orElse(Value.NULL);
        });
    }

    private static void answer(BundleContext context, String path, RpcHandler handler) {
        var properties = FrameworkUtil.asDictionary(Map.of("tega.rpc", new String[] {path}));
        context.registerService(RpcHandler.class, handler, properties);
    }

    @Override
    public void stop(BundleContext context) {}

    /** Packs it into a folder for plugins. */
    static Path folder(Path folder) throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "tega.itest.guest");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", Guest.class.getName());
        main.putValue("Import-Package", "org.osgi.framework,tega.api,tega.api.plugin");
        var jar = Files.createDirectories(folder).resolve("guest.jar");
        var name = Guest.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = Guest.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
        }
        return folder;
    }
}
