package tega.deploy;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** How much each bundle tells in the server's log, set while it runs; a restart forgets it. Loggers are called as the packages are. */
final class LogLevels {
    private static final Map<String, Level> LEVELS = Map.of(
            "off", Level.OFF,
            "error", Level.SEVERE,
            "warn", Level.WARNING,
            "info", Level.INFO,
            "debug", Level.FINE,
            "trace", Level.FINEST);

    /** The platform holds loggers weakly: one that nobody keeps forgets its level. */
    private final Map<String, Logger> kept = new ConcurrentSkipListMap<>();

    /** Those that were set here, by the name of the bundle. */
    ObjectValue all() {
        var levels = ObjectValue.builder();
        kept.forEach((name, logger) -> levels.put(name, Value.of(word(logger.getLevel()))));
        return levels.build();
    }

    private static String word(Level level) {
        return LEVELS.entrySet().stream()
                .filter(known -> known.getValue().equals(level))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("usual");
    }

    /** Sets one; {@code usual} has it tell as much again as the rest. {@code INVALID} when that is no level. */
    void set(String name, String word) {
        if (word.equals("usual")) {
            var logger = kept.remove(name);
            if (logger != null) {
                logger.setLevel(null);
            }
            return;
        }
        var level = LEVELS.get(word.toLowerCase(Locale.ROOT));
        if (level == null || name.isBlank()) {
            throw new TegaException.Invalid(
                    "'" + word + "' is no level: off, error, warn, info, debug, trace or usual");
        }
        kept.computeIfAbsent(name, Logger::getLogger).setLevel(level);
    }
}
