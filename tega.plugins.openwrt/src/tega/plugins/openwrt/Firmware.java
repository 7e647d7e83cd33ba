package tega.plugins.openwrt;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Scheduler;

/**
 * A new firmware for one router, from the folder {@code firmware} of the server: sent in portions, checked by the router itself,
 * applied with its settings kept, and compared with what comes back. Where it stands is in the tree, {@code firmware}: {@code
 * staging}, {@code staged}, {@code applying}, {@code done} or {@code failed}; what was cut off is gone on with by {@link #tend}.
 */
final class Firmware {
    /** Where it is kept on the router. */
    static final String PLACE = "/tmp/tega-firmware.bin";

    /** What the router needs beside the image, in bytes. */
    private static final long SPARE = 8L << 20;

    private static final Duration STEP = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final long TELL = 1L << 20;

    private final Router router;
    private final RouterRecord record;
    private final Path folder;
    private final Scheduler scheduler;
    private final Pause pause;

    Firmware(Router router, RouterRecord record, Path folder, Scheduler scheduler, Pause pause) {
        this.router = router;
        this.record = record;
        this.folder = folder;
        this.scheduler = scheduler;
        this.pause = pause;
    }

    private Path image(String name) {
        if (!name.matches("[A-Za-z0-9_+-][A-Za-z0-9._+-]*") || !Files.isRegularFile(folder.resolve(name))) {
            throw new TegaException.Invalid("there is no image '" + name + "' in the folder firmware of the server");
        }
        return folder.resolve(name);
    }

    private static String md5(Path image) throws IOException {
        try (var in = Files.newInputStream(image)) {
            var digest = MessageDigest.getInstance("MD5");
            var portion = new byte[65_536];
            for (var length = in.read(portion); length >= 0; length = in.read(portion)) {
                digest.update(portion, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the image could be brought there: what it is, what the router runs and has free. Changes nothing. */
    ObjectValue check(String name) {
        var image = image(name);
        return router.work((trial, wish) -> {
            var size = Files.size(image);
            var free = free(trial.bus());
            return Value.object("image", Value.of(name), "size", Value.of(size))
                    .with("md5", Value.of(md5(image)))
                    .with("free", Value.of(free))
                    .with("fits", Value.of(free >= size + SPARE))
                    .with("release", Value.of(release(trial.bus())));
        });
    }

    /** Begins to bring the image there; refused when the router has no memory for it. Returns where that stands. */
    ObjectValue stage(String name) {
        var check = check(name);
        if (!Value.of(true).equals(check.get("fits"))) {
            throw new TegaException.Unavailable("the router has " + check.get("free") + " bytes of memory free, and '"
                    + name + "' needs " + (number(check, "size") + SPARE) + ": restart it, or stop what it runs");
        }
        if (text(record.firmware(), "state").equals("applying")) {
            throw new TegaException.Conflict(null, "a firmware is being applied to the router right now");
        }
        var state = Value.object("state", Value.of("staging"), "image", Value.of(name))
                .with("size", Objects.requireNonNull(check.get("size")))
                .with("md5", Objects.requireNonNull(check.get("md5")))
                .with("release", Objects.requireNonNull(check.get("release")))
                .with("sent", Value.of(0))
                .with("reason", Value.of(""));
        record.firmware(state);
        scheduler.background().execute(this::tend);
        return state;
    }

    /**
     * Has the router take what is staged; its settings are kept. Returns where that stands.
     *
     * @param expected the release that is to come back, "" when that is not known
     */
    ObjectValue apply(String expected) {
        var state = record.firmware();
        if (!text(state, "state").equals("staged")) {
            throw new TegaException.Conflict(null, "no firmware is staged on the router: stage one first");
        }
        record.firmware(state.with("state", Value.of("applying"))
                .with("expected", Value.of(expected))
                .with("begun", Value.of("")));
        scheduler.background().execute(this::tend);
        return record.firmware();
    }

    /** Goes on with what is under way, if anything is. */
    void tend() {
        var state = text(record.firmware(), "state");
        try {
            if (state.equals("staging")) {
                router.work((trial, wish) -> send(trial));
            } else if (state.equals("applying")) {
                router.work((trial, wish) -> renew(trial));
            }
        } catch (TegaException e) {
            tell(record.firmware().with("reason", Value.of(e.getMessage())));
        }
    }

    private ObjectValue tell(ObjectValue state) {
        record.firmware(state);
        return state;
    }

    private ObjectValue end(String state, String reason) {
        return tell(record.firmware().with("state", Value.of(state)).with("reason", Value.of(reason)));
    }

    private ObjectValue send(Trial trial) throws IOException {
        var state = record.firmware();
        var image = image(text(state, "image"));
        var size = number(state, "size");
        if (Files.size(image) != size || !md5(image).equals(text(state, "md5"))) {
            return end("failed", "the image is another one than when this began");
        }
        var files = new RouterFiles(trial.bus());
        var sent = number(state, "sent") == 0 ? 0 : Math.min(files.size(PLACE), size);
        try (var in = new RandomAccessFile(image.toFile(), "r")) {
            var told = sent;
            while (sent < size) {
                var portion = new byte[(int) Math.min(RouterFiles.PORTION, size - sent)];
                in.seek(sent);
                in.readFully(portion);
                files.write(PLACE, portion, sent > 0);
                sent += portion.length;
                if (told == 0 || sent - told >= TELL || sent == size) {
                    told = sent;
                    tell(record.firmware().with("sent", Value.of(sent)).with("reason", Value.of("")));
                }
            }
        }
        var there = trial.bus().call("file", "md5", Value.object("path", Value.of(PLACE)));
        if (!text(there, "md5").equals(text(state, "md5"))) {
            files.remove(PLACE);
            return end("failed", "what came to the router is not the image: its digest is another one");
        }
        var valid = trial.bus().call("system", "validate_firmware_image", Value.object("path", Value.of(PLACE)));
        if (!Value.of(true).equals(valid.get("valid"))) {
            files.remove(PLACE);
            return end("failed", "the router does not take the image: " + valid.get("tests"));
        }
        return end("staged", "");
    }

    private ObjectValue renew(Trial trial) throws IOException {
        var state = record.firmware();
        if (text(state, "begun").isEmpty()) {
            var bus = trial.bus();
            state = tell(state.with("release", Value.of(release(bus)))
                    .with("uptime", Value.of(uptime(bus)))
                    .with("begun", Value.of(scheduler.now().toString())));
            try {
                var answer = bus.call(
                        "file",
                        "exec",
                        Value.object("command", Value.of("/sbin/sysupgrade"), "params", Value.array(Value.of(PLACE))));
                if (answer.get("code") instanceof NumberValue code && code.longValue() != 0) {
                    return end("failed", "the router did not take it: sysupgrade ended with " + code);
                }
            } catch (Ubus.Refusal e) {
                return end("failed", "the router did not take it: " + e.getMessage());
            } catch (IOException e) {
                // It writes its flash now, and does not answer.
            }
        }
        return back(trial, state);
    }

    private ObjectValue back(Trial trial, ObjectValue state) throws IOException {
        var begun = instant(text(state, "begun"));
        while (scheduler.now().isBefore(begun.plus(PATIENCE))) {
            try {
                trial.contact();
                var release = release(trial.bus());
                var elapsed = Duration.between(begun, scheduler.now()).toSeconds();
                var restarted = uptime(trial.bus()) < number(state, "uptime") + elapsed - 5;
                if (restarted || !release.equals(text(state, "release"))) {
                    return compared(text(state, "release"), release, text(state, "expected"));
                }
            } catch (IOException e) {
                // Not back yet.
            }
            pause.sleep(STEP);
        }
        return end(
                "failed",
                "the router has not come back with another firmware for " + PATIENCE.toMinutes() + " minutes");
    }

    private ObjectValue compared(String before, String release, String expected) {
        tell(record.firmware().with("release", Value.of(release)));
        if (!expected.isEmpty() && !release.equals(expected)) {
            return end("failed", "the router came back with " + release + " and not with " + expected);
        }
        return end("done", release.equals(before) ? "the router came back with the release that it had" : "");
    }

    private static String release(Ubus bus) throws IOException {
        return bus.call("system", "board", Value.object()).get("release") instanceof ObjectValue release
                ? text(release, "version")
                : "";
    }

    private static long uptime(Ubus bus) throws IOException {
        return number(bus.call("system", "info", Value.object()), "uptime");
    }

    private static long free(Ubus bus) throws IOException {
        var memory = bus.call("system", "info", Value.object()).get("memory");
        return memory instanceof ObjectValue told ? number(told, told.has("available") ? "available" : "free") : 0;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static String text(ObjectValue object, String name) {
        @Nullable Value value = object.get(name);
        return value instanceof StringValue text ? text.text() : "";
    }

    private static long number(ObjectValue object, String name) {
        return object.get(name) instanceof NumberValue number ? number.longValue() : 0;
    }
}
