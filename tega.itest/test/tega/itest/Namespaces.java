package tega.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Network namespaces of a test, with cables between them; all are gone when it is closed. Needs root. */
final class Namespaces implements AutoCloseable {
    private final String mark = "t" + Long.toString(ProcessHandle.current().pid() % 46_656, 36)
            + Long.toString(System.nanoTime() % 46_656, 36);
    private final Deque<String> names = new ArrayDeque<>();
    private int cables;

    /** A new namespace; its name on this machine. */
    String add(String role) {
        var name = "tega-" + mark + "-" + role;
        run("ip", "netns", "add", name);
        names.push(name);
        run("ip", "-n", name, "link", "set", "lo", "up");
        return name;
    }

    /** A cable; each end is a device of this name. */
    void cable(String one, String device, String other, String otherDevice) {
        var left = mark + "a" + cables;
        var right = mark + "b" + cables++;
        run("ip", "link", "add", left, "type", "veth", "peer", "name", right);
        run("ip", "link", "set", left, "netns", one, "name", device);
        run("ip", "link", "set", right, "netns", other, "name", otherDevice);
        run("ip", "-n", one, "link", "set", device, "up");
        run("ip", "-n", other, "link", "set", otherDevice, "up");
    }

    void address(String name, String device, String address) {
        run("ip", "-n", name, "addr", "add", address, "dev", device);
    }

    /** The words that run a command there. */
    static List<String> in(String name, String... command) {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(List.of(command));
        return words;
    }

    /** Runs a command to its end; what it printed. */
    static String run(String... command) {
        return run(List.of(command));
    }

    static String run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(command + " cannot be run", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        while (!names.isEmpty()) {
            run("ip", "netns", "del", names.pop());
        }
    }
}
