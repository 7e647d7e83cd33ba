package tega.plugins.openwrt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A fake router on a real interface: {@code HostedRouter DEVICE ADDRESS old|modern}. The device has the address that the running
 * configuration says, a second after it says so, as with netifd. It is told what happens to it by lines: {@code power} (the power
 * goes and comes back), {@code show} (prints the address in use and the one on the flash, and whether a trial is on).
 */
final class HostedRouter {
    private static final long DELAY = TimeUnit.SECONDS.toNanos(1);

    private final String device;
    private final FakeRouter router;
    private String address = "";
    private long due;

    private HostedRouter(String device, FakeRouter router) {
        this.device = device;
        this.router = router;
    }

    public static void main(String[] args) throws Exception {
        var router = new FakeRouter("0.0.0.0", 80);
        router.rpcd.edit("/etc/config/network", """
                config interface 'lan'
                	option proto 'static'
                	option ipaddr '%s'
                	option netmask '255.255.255.0'
                """.formatted(args[1]));
        if (args[2].equals("modern")) {
            router.rpcd.modern();
        }
        var hosted = new HostedRouter(args[0], router);
        hosted.follow(true);
        var clock = new Thread(hosted::run, "clock");
        clock.setDaemon(true);
        clock.start();
        System.out.println("router");
        hosted.obey();
        System.exit(0);
    }

    private void obey() throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            synchronized (router) {
                switch (line) {
                    case "power" -> {
                        router.rpcd.powerCycle();
                        follow(true);
                        System.out.println("up");
                    }
                    case "show" -> System.out.println(address + " " + onFlash() + " " + isTrying());
                    default -> System.out.println("what?");
                }
            }
        }
    }

    private String onFlash() {
        return String.valueOf(router.rpcd.files.get("/etc/config/network"))
                .lines()
                .filter(line -> line.contains("ipaddr"))
                .map(line -> line.replaceAll(".*ipaddr '?([0-9.]+).*", "$1"))
                .findFirst()
                .orElse("");
    }

    private boolean isTrying() {
        return router.rpcd.isOnTrial() || router.rpcd.files.containsKey("/var/run/uci/network");
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(50);
                synchronized (router) {
                    router.rpcd.tick();
                    follow(false);
                }
            }
        } catch (IOException | InterruptedException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** Gives the device the address that the configuration says, at once or when the network has had its time. */
    private void follow(boolean now) throws IOException {
        var wanted = router.rpcd.address();
        if (wanted.equals(address)) {
            due = 0;
            return;
        }
        if (!now && due == 0) {
            due = System.nanoTime() + DELAY;
        }
        if (now || System.nanoTime() - due >= 0) {
            ip("addr", "flush", "dev", device);
            ip("addr", "add", wanted + "/24", "dev", device);
            address = wanted;
            due = 0;
        }
    }

    private static void ip(String... words) throws IOException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        try {
            var ended = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (ended != 0) {
                throw new IOException(command + " ended with " + ended + " at " + Instant.now());
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
