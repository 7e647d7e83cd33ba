package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Scheduler;

/**
 * Hears of the interfaces of one router as they come and go, writes them into the tree and has the router looked after. Lost, it
 * begins anew after a wait that grows. Any thread.
 */
final class RouterEvents implements AutoCloseable {
    private static final String OBJECT = "network.interface";
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Supplier<@Nullable RouterWish> wishes;
    private final Function<RouterWish, Ubus> buses;
    private final RouterRecord record;
    private final Scheduler scheduler;
    private final Runnable attention;
    private @Nullable Ear ear;
    private Scheduler.@Nullable Task next;
    private Duration wait = SHORTEST;
    private boolean closed;

    /**
     * @param wishes what is wanted of the router now, null when it is not looked after
     * @param attention has it looked after soon
     */
    RouterEvents(
            Supplier<@Nullable RouterWish> wishes,
            Function<RouterWish, Ubus> buses,
            RouterRecord record,
            Scheduler scheduler,
            Runnable attention) {
        this.wishes = wishes;
        this.buses = buses;
        this.record = record;
        this.scheduler = scheduler;
        this.attention = attention;
    }

    /** Listens if it may and does not; called from time to time. */
    synchronized void tend() {
        if (closed || next != null) {
            return;
        }
        var present = ear;
        if (present != null && record.isReachable()) {
            return;
        }
        if (present != null) {
            present.close(); // Nobody tells of a connection whose other end has lost its power.
            ear = null;
        }
        listen();
    }

    private synchronized void listen() {
        next = null;
        if (closed || !record.isReachable()) {
            return;
        }
        var begun = new Ear();
        ear = begun;
        scheduler.background().execute(begun::open);
    }

    private synchronized void lost(Ear gone) {
        if (closed || ear != gone) {
            return;
        }
        ear = null;
        next = scheduler.after(wait, () -> scheduler.background().execute(this::listen));
        wait = wait.multipliedBy(2).compareTo(LONGEST) < 0 ? wait.multipliedBy(2) : LONGEST;
    }

    private synchronized void heard() {
        wait = SHORTEST;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
        if (ear != null) {
            ear.close();
        }
    }

    /** One stream. */
    private final class Ear implements Ubus.Listener {
        private @Nullable AutoCloseable stream;
        private boolean over;

        void open() {
            try {
                var wish = wishes.get();
                if (wish == null || wish.url().isEmpty()) {
                    throw new IOException("the router is not looked after");
                }
                var bus = buses.apply(wish);
                bus.login(wish.url());
                if (bus.call(OBJECT, "dump", Value.object()).get("interface") instanceof ArrayValue all) {
                    all.forEach(one -> note(one instanceof ObjectValue object ? object : Value.object()));
                }
                keep(bus.listen(OBJECT, this));
            } catch (IOException | TegaException e) {
                lost(this);
            }
        }

        private synchronized void keep(AutoCloseable begun) {
            stream = begun;
            if (over) {
                end(begun);
            }
        }

        synchronized void close() {
            over = true;
            if (stream != null) {
                end(stream);
            }
        }

        private static void end(AutoCloseable stream) {
            try {
                stream.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void happened(String event, ObjectValue data) {
            heard();
            scheduler.background().execute(() -> {
                note(data);
                attention.run();
            });
        }

        @Override
        public void ended(IOException reason) {
            lost(this);
        }
    }

    /** What the router says of an interface, in short. */
    private void note(ObjectValue said) {
        if (!(said.get("interface") instanceof StringValue name) || name.text().isEmpty()) {
            return;
        }
        var addresses = new ArrayList<Value>();
        for (var family : new String[] {"ipv4-address", "ipv6-address"}) {
            if (said.get(family) instanceof ArrayValue all) {
                for (var one : all) {
                    if (one instanceof ObjectValue address && address.get("address") instanceof StringValue text) {
                        addresses.add(Value.of(text.text() + "/" + address.get("mask")));
                    }
                }
            }
        }
        var told = Value.object(
                "up", Value.of(Value.of(true).equals(said.get("up"))), "addresses", Value.array(addresses));
        for (var member : new String[] {"proto", "l3_device"}) {
            var value = said.get(member);
            if (value != null) {
                told = told.with(member.equals("proto") ? member : "device", value);
            }
        }
        try {
            record.face(name.text(), told);
        } catch (TegaException e) {
            // The database stops; the next dump tells it again.
        }
    }
}
