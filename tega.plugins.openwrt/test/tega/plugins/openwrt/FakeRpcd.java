package tega.plugins.openwrt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciError;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciReader;
import tega.plugins.openwrt.uci.UciSection;
import tega.plugins.openwrt.uci.UciTree;
import tega.plugins.openwrt.uci.UciWriter;

/**
 * A router's rpcd as it was seen to behave, holes included: what is staged is a session's own; values with control characters
 * are dropped without a word; numbers become texts modulo 2^32; a trial lives in memory and is forgotten by a crash; another
 * session's apply in the window ends the trial for good; a login in the window gives the session of the user back.
 */
final class FakeRpcd {
    static final int INVALID = 2;
    static final int NOT_FOUND = 4;
    static final int NO_DATA = 5;
    static final int DENIED = 6;

    /** What a call comes to when it is refused. */
    static final class Status extends Exception {
        private static final long serialVersionUID = 1L;
        final int code;

        Status(int code) {
            super("status " + code, null, false, false);
            this.code = code;
        }
    }

    private static final class Session {
        final String id;
        final String user;
        final Map<String, UciPackage> staged = new HashMap<>();

        Session(String id, String user) {
            this.id = id;
            this.user = user;
        }
    }

    private record Trial(Session owner, Instant end, Map<String, String> files, Map<String, UciPackage> staged) {}

    private final Supplier<Instant> clock;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Long> written = new HashMap<>();
    /** The flash. */
    final Map<String, String> files = new TreeMap<>();

    /** What the services have read, package by package. */
    final Map<String, String> running = new TreeMap<>();

    /** What {@code sysupgrade} does to the router, null when it has no such program. */
    @Nullable
    Consumer<String> upgrade;

    String release = "23.05.5";
    long memory = 64 << 20;
    private Instant boot;
    private boolean overrides;
    private boolean watched;
    private @Nullable Trial trial;
    private int logins;
    private int writes;
    private boolean restoredAtBoot;

    FakeRpcd(Supplier<Instant> clock) {
        this.clock = clock;
        this.boot = clock.get();
        files.put("/etc/tega/pending/", "");
        files.put("/tmp/", "");
    }

    /** Has a libuci that reads overrides, and the guard of tega watching. */
    FakeRpcd modern() {
        overrides = true;
        watched = true;
        files.put("/var/run/uci/", "");
        files.put("/var/run/tega/", "");
        return this;
    }

    /** The guard's process is gone. */
    void unwatched() {
        watched = false;
    }

    private long uptime() {
        return Duration.between(boot, clock.get()).toSeconds();
    }

    /** Puts a file there as somebody else would. */
    void edit(String path, String text) {
        files.put(path, text);
        written.put(path, (long) ++writes);
    }

    /** The address that the interface {@code lan} has, as the running network knows it. */
    String address() {
        try {
            for (var section : parsed("network", running.getOrDefault("network", content("/etc/config/network")))
                    .sections()) {
                var address = section.options().get("ipaddr");
                if (section.id().equals("lan") && address != null) {
                    return address.items().get(0);
                }
            }
        } catch (Status e) {
            // No network at all.
        }
        return "";
    }

    /** Lets the end of a trial come. */
    void tick() {
        if (trial != null && !clock.get().isBefore(trial.end)) {
            takeBack(trial);
        }
        if (watched) {
            watch();
        }
    }

    /** What the guard's watch does once a second. */
    private void watch() {
        var told = files.get("/var/run/tega/trial");
        if (told == null || uptime() < Long.parseLong(told.lines().findFirst().orElseThrow())) {
            return;
        }
        var names = told.lines().skip(1).toList();
        names.forEach(name -> files.remove("/var/run/uci/" + name));
        restore();
        files.remove("/var/run/tega/trial");
        names.forEach(this::changed);
    }

    /** The services are told that a package is another one. */
    private void changed(String name) {
        var text = files.get(place(name));
        if (text != null) {
            running.put(name, text);
        }
    }

    /** The file that libuci reads and writes. */
    private String place(String name) {
        var override = "/var/run/uci/" + name;
        return overrides && files.containsKey(override) ? override : "/etc/config/" + name;
    }

    /** What libuci would read of a package. */
    String effective(String name) {
        return files.getOrDefault(place(name), "");
    }

    private void takeBack(Trial ended) {
        ended.files.forEach(this::edit);
        ended.files.keySet().forEach(path -> changed(path.substring(path.lastIndexOf('/') + 1)));
        ended.owner.staged.putAll(ended.staged);
        trial = null;
    }

    /** The process dies and is started again: sessions and trial are gone, the files stay as they are. */
    void crash() {
        sessions.clear();
        trial = null;
    }

    /** The router loses its power: the same, and at boot the guard puts back what a journal holds. */
    void powerCycle() {
        crash();
        boot = clock.get();
        files.keySet().removeIf(path -> path.matches("/(var/run|tmp)/.*[^/]"));
        restoredAtBoot = restore();
        running.clear();
    }

    private boolean restore() {
        if (!files.containsKey("/etc/tega/pending/COMMIT")) {
            return false;
        }
        for (var file : new ArrayList<>(files.keySet())) {
            var name = file.replaceFirst("^/etc/tega/pending/cfg_", "");
            if (!name.equals(file)) {
                edit("/etc/config/" + name, files.get(file));
                files.remove(file);
            }
        }
        files.remove("/etc/tega/pending/COMMIT");
        return true;
    }

    boolean isSession(String sid) {
        return sessions.containsKey(sid);
    }

    boolean wasRestoredAtBoot() {
        return restoredAtBoot;
    }

    boolean isOnTrial() {
        tick();
        return trial != null;
    }

    /** Another session applies without a trial in the window: answered with success, and the trial is for good. */
    void rivalApplies() {
        trial = null;
    }

    String login(String user, String password) throws Status {
        tick();
        if (!password.equals("secret")) {
            throw new Status(DENIED);
        }
        if (trial != null && trial.owner.user.equals(user) && sessions.containsKey(trial.owner.id)) {
            return trial.owner.id;
        }
        var session = new Session(String.format("%032x", ++logins), user);
        sessions.put(session.id, session);
        return session.id;
    }

    /** A call of the bus. */
    ObjectValue call(String sid, String object, String method, ObjectValue args) throws Status {
        tick();
        if (object.equals("session") && method.equals("login")) {
            return Value.object("ubus_rpc_session", Value.of(login(text(args, "username"), text(args, "password"))));
        }
        var session = sessions.get(sid);
        if (session == null) {
            throw new Status(DENIED);
        }
        return switch (object + "." + method) {
            case "session.get" -> Value.object("values", Value.object());
            case "uci.configs" ->
                Value.object(
                        "configs",
                        Value.array(files.keySet().stream()
                                .filter(path -> path.startsWith("/etc/config/"))
                                .map(path -> Value.of(path.substring(12)))
                                .toList()));
            case "uci.get" -> get(session, text(args, "config"));
            case "uci.add" -> add(session, args);
            case "uci.set" -> set(session, args);
            case "uci.delete" -> delete(session, args);
            case "uci.order" -> order(session, args);
            case "uci.revert" -> {
                file(text(args, "config"));
                session.staged.remove(text(args, "config"));
                yield Value.object();
            }
            case "uci.apply" -> apply(session, args);
            case "uci.confirm" -> {
                if (trial == null) {
                    throw new Status(NO_DATA);
                }
                if (trial.owner != session) {
                    throw new Status(DENIED);
                }
                trial = null;
                yield Value.object();
            }
            case "uci.rollback" -> {
                if (trial == null) {
                    throw new Status(NO_DATA);
                }
                takeBack(trial);
                yield Value.object();
            }
            case "file.read" -> {
                var bytes = content(text(args, "path")).getBytes(StandardCharsets.UTF_8);
                yield Value.object(
                        "data",
                        Value.of(
                                isSet(args, "base64")
                                        ? Base64.getEncoder().encodeToString(bytes)
                                        : new String(bytes, StandardCharsets.UTF_8)));
            }
            case "file.write" -> write(args);
            case "file.remove" -> {
                content(text(args, "path"));
                files.remove(text(args, "path"));
                yield Value.object();
            }
            case "file.stat" -> {
                var text = content(text(args, "path"));
                yield Value.object(
                        "mtime",
                        Value.of(written.getOrDefault(text(args, "path"), 0L)),
                        "size",
                        Value.of(text.length()));
            }
            case "file.md5" -> Value.object("md5", Value.of(md5(content(text(args, "path")))));
            case "file.exec" -> exec(args);
            case "service.event" -> {
                if (args.get("data") instanceof ObjectValue data) {
                    changed(text(data, "package"));
                }
                yield Value.object();
            }
            case "system.board" ->
                Value.object("model", Value.of("fake"), "kernel", Value.of("6.6"))
                        .with("release", Value.object("version", Value.of(release), "revision", Value.of("r1")));
            case "system.info" ->
                Value.object(
                        "uptime",
                        Value.of(uptime()),
                        "memory",
                        Value.object("total", Value.of(128 << 20), "available", Value.of(memory)));
            case "system.validate_firmware_image" -> {
                var valid = content(text(args, "path")).startsWith("image");
                yield Value.object("valid", Value.of(valid), "forceable", Value.of(false))
                        .with("tests", Value.object("fwtool_device_match", Value.of(valid)));
            }
            case "network.interface.dump" ->
                Value.object(
                        "interface",
                        Value.array(Value.object("interface", Value.of("lan"), "up", Value.of(true))
                                .with("proto", Value.of("static"))
                                .with("l3_device", Value.of("br-lan"))
                                .with(
                                        "ipv4-address",
                                        Value.array(
                                                Value.object("address", Value.of(address()), "mask", Value.of(24))))));
            default -> throw new Status(3);
        };
    }

    private static boolean isSet(ObjectValue args, String name) {
        return Value.of(true).equals(args.get(name));
    }

    private static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectValue exec(ObjectValue args) throws Status {
        if (upgrade == null
                || !text(args, "command").equals("/sbin/sysupgrade")
                || !(args.get("params") instanceof ArrayValue params)) {
            throw new Status(NOT_FOUND);
        }
        upgrade.accept(content(((StringValue) params.get(params.size() - 1)).text()));
        return Value.object("code", Value.of(0));
    }

    private String content(String path) throws Status {
        if (watched && path.equals("/var/run/tega/alive")) {
            return uptime() + "\n";
        }
        var text = files.get(path);
        if (text == null) {
            throw new Status(NOT_FOUND);
        }
        return text;
    }

    private ObjectValue write(ObjectValue args) throws Status {
        var path = text(args, "path");
        if (!files.containsKey(path.substring(0, path.lastIndexOf('/') + 1)) && !path.startsWith("/etc/config/")) {
            throw new Status(NOT_FOUND);
        }
        var data = text(args, "data");
        var text = isSet(args, "base64") ? new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8) : data;
        edit(path, (isSet(args, "append") ? files.getOrDefault(path, "") : "") + text);
        return Value.object();
    }

    private UciPackage file(String name) throws Status {
        return parsed(name, content(place(name)));
    }

    private static UciPackage parsed(String name, String text) throws Status {
        try {
            var read = UciReader.ofFiles(true)
                    .read(name, text.getBytes(StandardCharsets.UTF_8))
                    .get(0);
            return renamed(read.name(), read.sections());
        } catch (UciError e) {
            throw new Status(INVALID);
        }
    }

    /** Anonymous sections are called by their place. */
    private static UciPackage renamed(String name, List<UciSection> sections) {
        var named = new ArrayList<UciSection>();
        for (var section : sections) {
            named.add(
                    section.anonymous()
                            ? new UciSection(
                                    UciPackage.positional(named.size(), section.type()),
                                    section.type(),
                                    true,
                                    section.options())
                            : section);
        }
        return new UciPackage(name, named);
    }

    private UciPackage seen(Session session, String name) throws Status {
        var staged = session.staged.get(name);
        return staged != null ? staged : file(name);
    }

    private ObjectValue get(Session session, String name) throws Status {
        var values = new LinkedHashMap<String, Value>();
        var index = 0;
        for (var section : seen(session, name).sections()) {
            var value = new LinkedHashMap<String, Value>();
            value.put(".type", Value.of(section.type()));
            value.put(".name", Value.of(section.id()));
            value.put(".anonymous", Value.of(section.anonymous()));
            value.put(".index", Value.of(index++));
            section.options().forEach((option, v) -> value.put(option, UciTree.of(v)));
            values.put(section.id(), Value.object(value));
        }
        return Value.object("values", Value.object(values));
    }

    private ObjectValue add(Session session, ObjectValue args) throws Status {
        var name = text(args, "config");
        var sections = new ArrayList<>(seen(session, name).sections());
        var anonymous = !args.has("name");
        var id = anonymous ? UciPackage.positional(sections.size() + 40, text(args, "type")) : text(args, "name");
        sections.removeIf(section -> section.id().equals(id));
        sections.add(new UciSection(id, text(args, "type"), anonymous, Map.of()));
        session.staged.put(name, new UciPackage(name, sections));
        return Value.object("section", Value.of(id));
    }

    private ObjectValue set(Session session, ObjectValue args) throws Status {
        if (!(args.get("values") instanceof ObjectValue values)) {
            throw new Status(INVALID);
        }
        var set = new LinkedHashMap<String, @Nullable UciOption>();
        for (var member : values) {
            if (!member.name().matches("[A-Za-z0-9_]+")) {
                throw new Status(INVALID);
            }
            if (member.value() instanceof ArrayValue array) {
                if (array.size() == 0) {
                    throw new Status(INVALID);
                }
                var items = new ArrayList<String>();
                for (var item : array) {
                    var text = scalar(item);
                    if (isClean(text)) {
                        items.add(text);
                    }
                }
                if (!items.isEmpty()) {
                    set.put(member.name(), UciOption.of(items));
                }
            } else {
                var text = scalar(member.value());
                if (text.isEmpty()) {
                    set.put(member.name(), null);
                } else if (isClean(text)) {
                    set.put(member.name(), UciOption.of(text));
                }
            }
        }
        change(
                session,
                args,
                options -> set.forEach((option, value) -> {
                    if (value == null) {
                        options.remove(option);
                    } else {
                        options.put(option, value);
                    }
                }));
        return Value.object();
    }

    private static boolean isClean(String text) {
        return text.chars().allMatch(c -> c >= ' ' || c == '\t' || c == '\n' || c == '\r');
    }

    private static String scalar(Value value) throws Status {
        if (value instanceof StringValue text) {
            return text.text();
        }
        if (value instanceof BooleanValue truth) {
            return truth.equals(Value.of(true)) ? "1" : "0";
        }
        if (value instanceof NumberValue number && number.toString().matches("-?[0-9]+")) {
            return Long.toString(number.longValue() & 0xffffffffL);
        }
        throw new Status(INVALID);
    }

    private interface Edit {
        void on(Map<String, UciOption> options);
    }

    private void change(Session session, ObjectValue args, Edit edit) throws Status {
        var name = text(args, "config");
        var sections = new ArrayList<>(seen(session, name).sections());
        for (var i = 0; i < sections.size(); i++) {
            var section = sections.get(i);
            if (section.id().equals(text(args, "section"))) {
                var options = new LinkedHashMap<>(section.options());
                edit.on(options);
                sections.set(i, new UciSection(section.id(), section.type(), section.anonymous(), options));
                session.staged.put(name, new UciPackage(name, sections));
                return;
            }
        }
        throw new Status(NOT_FOUND);
    }

    private ObjectValue delete(Session session, ObjectValue args) throws Status {
        if (args.get("options") instanceof ArrayValue names) {
            change(session, args, options -> names.forEach(option -> options.remove(((StringValue) option).text())));
            return Value.object();
        }
        var name = text(args, "config");
        var sections = new ArrayList<>(seen(session, name).sections());
        if (!sections.removeIf(
                section -> section.id().equals(args.get("section") instanceof StringValue id ? id.text() : ""))) {
            throw new Status(NOT_FOUND);
        }
        session.staged.put(name, new UciPackage(name, sections));
        return Value.object();
    }

    private ObjectValue order(Session session, ObjectValue args) throws Status {
        var name = text(args, "config");
        var sections = seen(session, name).sections();
        if (!(args.get("sections") instanceof ArrayValue ids) || ids.size() != sections.size()) {
            throw new Status(INVALID);
        }
        var ordered = new ArrayList<UciSection>();
        for (var id : ids) {
            ordered.add(sections.stream()
                    .filter(section -> Value.of(section.id()).equals(id))
                    .findFirst()
                    .orElseThrow(() -> new Status(NOT_FOUND)));
        }
        session.staged.put(name, new UciPackage(name, ordered));
        return Value.object();
    }

    private ObjectValue apply(Session session, ObjectValue args) throws Status {
        if (trial != null) {
            throw new Status(DENIED);
        }
        if (session.staged.isEmpty()) {
            throw new Status(NO_DATA);
        }
        var before = new TreeMap<String, String>();
        for (var name : session.staged.keySet()) {
            before.put(place(name), content(place(name)));
        }
        for (var staged : session.staged.entrySet()) {
            edit(place(staged.getKey()), new String(UciWriter.file(staged.getValue()), StandardCharsets.UTF_8));
            changed(staged.getKey());
        }
        var seconds = args.get("timeout") instanceof NumberValue number ? number.longValue() : 60;
        trial = Value.of(true).equals(args.get("rollback"))
                ? new Trial(session, clock.get().plus(Duration.ofSeconds(seconds)), before, Map.copyOf(session.staged))
                : null;
        session.staged.clear();
        return Value.object();
    }

    private static String text(ObjectValue args, String name) throws Status {
        if (args.get(name) instanceof StringValue text) {
            return text.text();
        }
        throw new Status(INVALID);
    }
}
