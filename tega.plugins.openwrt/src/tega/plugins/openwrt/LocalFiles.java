package tega.plugins.openwrt;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/** The object {@code file} of the bus, done by the machine itself: what is written is on the disk when the call is over. */
final class LocalFiles {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final Path root;

    /** @param root what the paths are below: {@code /} but in tests */
    LocalFiles(Path root) {
        this.root = root;
    }

    /** Does what {@code method} says. */
    ObjectValue call(String method, ObjectValue args) throws IOException {
        var path = root.resolve(text(args, "path").substring(1));
        try {
            return switch (method) {
                case "read" -> read(path, args);
                case "write" -> write(path, args);
                case "stat" -> stat(path);
                case "md5" -> Value.object("md5", Value.of(md5(path)));
                case "remove" -> {
                    Files.delete(path);
                    yield Value.object();
                }
                default -> throw new Ubus.Refusal(3, "there is no file " + method);
            };
        } catch (NoSuchFileException e) {
            throw new Ubus.Refusal(Ubus.Refusal.NOT_FOUND, "there is no " + path);
        }
    }

    private static ObjectValue read(Path path, ObjectValue args) throws IOException {
        var bytes = Files.readAllBytes(path);
        return Value.object(
                "data",
                Value.of(
                        isSet(args, "base64")
                                ? Base64.getEncoder().encodeToString(bytes)
                                : new String(bytes, StandardCharsets.UTF_8)));
    }

    private static ObjectValue write(Path path, ObjectValue args) throws IOException {
        var data = text(args, "data");
        var bytes = ByteBuffer.wrap(
                isSet(args, "base64") ? Base64.getDecoder().decode(data) : data.getBytes(StandardCharsets.UTF_8));
        try (var file = FileChannel.open(path, WRITE, CREATE, isSet(args, "append") ? APPEND : TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                if (file.write(bytes) < 0) {
                    throw new IOException("nothing can be written to " + path);
                }
            }
            file.force(true);
        }
        return Value.object();
    }

    private static ObjectValue stat(Path path) throws IOException {
        return Value.object(
                        "mtime",
                        Value.of(Files.getLastModifiedTime(path).toMillis()),
                        "size",
                        Value.of(Files.size(path)))
                .with("inode", Value.of(String.valueOf(Files.getAttribute(path, "unix:ino"))));
    }

    private static String md5(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
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

    /** Runs a program as {@code file exec} does. */
    ObjectValue exec(Programs programs, ObjectValue args) throws IOException {
        var command = new ArrayList<String>();
        command.add(root.resolve(text(args, "command").substring(1)).toString());
        if (args.get("params") instanceof ArrayValue params) {
            for (var param : params) {
                command.add(param instanceof StringValue text ? text.text() : param.toString());
            }
        }
        var ended = programs.run(command, DEADLINE);
        return Value.object("code", Value.of(ended.status()), "stdout", Value.of(ended.output()));
    }

    private static boolean isSet(ObjectValue args, String name) {
        return Value.of(true).equals(args.get(name));
    }

    private static String text(ObjectValue args, String name) throws IOException {
        if (args.get(name) instanceof StringValue text
                && (name.equals("data") || !text.text().isEmpty())) {
            return text.text();
        }
        throw new Ubus.Refusal(Ubus.Refusal.INVALID, "'" + name + "' is missing");
    }
}
