package tega.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** java.util.logging as {@code etc/logging.properties} has it, and tega's own loggers at the level that was asked for. */
final class Logs {
    /** The platform holds loggers weakly: one that nobody keeps forgets its level. */
    private static final Map<String, Logger> KEPT = new ConcurrentHashMap<>();

    private Logs() {}

    /** To be called before the first logger is. */
    static void configure(Path file) {
        System.setProperty("java.util.logging.config.file", file.toString());
    }

    static void level(String level) {
        KEPT.computeIfAbsent("tega", Logger::getLogger).setLevel(Level.parse(level));
    }
}
