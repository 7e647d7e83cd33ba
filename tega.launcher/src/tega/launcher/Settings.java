package tega.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the framework and the bundles are told: the options given, the defaults for what was not, and facts of this run. */
final class Settings {
    private static final String SHELL = "tega.shell";

    private Settings() {}

    static Map<String, String> of(Options options, DataFolder data, Distribution distribution, ProcessClock clock) {
        Map<String, String> settings = new HashMap<>();
        for (Option option : Option.values()) {
            if (!option.property.isEmpty()) {
                options.get(option).ifPresent(value -> settings.put(option.property, value));
            }
        }
        settings.put(Option.DATA.property, data.path().toString());
        settings.computeIfAbsent(Option.ID.property, id -> hostName());
        settings.putIfAbsent(Option.PORT.property, "8739");
        settings.putIfAbsent(Option.BIND.property, "127.0.0.1");
        settings.put(SHELL, Boolean.toString(wantsShell(options)));
        settings.put("tega.home", distribution.home().toString());
        settings.put("tega.version", distribution.version());
        settings.put("tega.distribution", distribution.digest());
        settings.put("tega.plugins.folders", String.join(",", distribution.plugins(options.list(Option.PLUGINS))));
        settings.put("tega.start.nanos", Long.toString(clock.beganNanos()));
        settings.put(
                "org.osgi.framework.storage", data.cache().resolve("framework").toString());
        settings.put("org.osgi.framework.storage.clean", "onFirstInit");
        // a newer build of a bundle is tried out beside it, and may be of the same version
        settings.put("org.osgi.framework.bsnversion", "multiple");
        settings.put("felix.resolver.parallelism", "1"); // two dozen bundles; more threads only take longer to start
        return settings;
    }

    private static boolean wantsShell(Options options) {
        return !options.has(Option.DAEMON)
                && !options.has(Option.COMMAND)
                && !options.has(Option.REHEARSE)
                && Terminal.isThere();
    }

    /** As the kernel has it; asking the resolver can take seconds on a machine without a network. */
    private static String hostName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? "tega" : name;
        } catch (IOException e) {
            return System.getenv().getOrDefault("HOSTNAME", "tega");
        }
    }
}
