package tega.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.sync.Station.edit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.Value;
import tega.api.spi.Channels;

/** Three tiers: global, regional, local. The one in the middle is below the one and above the other by the same link. */
class CascadeTest {
    private final Clock clock = new Clock();
    private final Net net = new Net(clock, 1);
    private final Station global = new Station(clock, net, "global", null, Set.of(), Set.of()).start();
    private final Station region =
            new Station(clock, net, "region", "global", Set.of("cfg"), Set.of("regional")).start();
    private final Station leaf = new Station(clock, net, "leaf", "region", Set.of("cfg"), Set.of("oper")).start();
    private final Station other = new Station(clock, net, "other", "global", Set.of("cfg"), Set.of("more")).start();

    @BeforeEach
    void connect() {
        clock.until(
                "all are connected",
                () -> leaf.node().isConnected()
                        && region.node().isConnected()
                        && other.node().isConnected());
    }

    private void await(Station station, String path, String value) {
        clock.until(path + " is " + value + " at " + station.name(), () -> station.get(path)
                .equals(value));
    }

    @Test
    void whatIsWrittenAtTheTopArrivesAtTheBottomAndTheOtherWayRound() {
        global.put("cfg.a", "1");
        leaf.put("oper.x", "1");
        await(leaf, "cfg.a", "1");
        await(global, "oper.x", "1");
        assertThat(region.get("oper.x")).isEqualTo("1");
        assertThat(leaf.commits("cfg").get(0).origin()).isEqualTo("global");
    }

    @Test
    void aWriteAtTheBottomIsMadeAtTheTop() {
        var write = leaf.write("bob", edit("cfg.b", "2"));
        clock.until("it is made", write::isDone);
        assertThat(write.join().origin()).isEqualTo("global");
        assertThat(global.get("cfg.b")).isEqualTo("2");
        assertThat(List.of(global, region, leaf))
                .allSatisfy(station -> assertThat(station.commits("cfg")).hasSize(1));
        await(other, "cfg.b", "2");
    }

    @Test
    void aWriteAtTheTopToARootOfTheBottomIsMadeThere() {
        leaf.put("oper.x", "1");
        await(global, "oper.x", "1");
        var write = global.write("bob", edit("oper.y", "2"));
        clock.until("it is made", write::isDone);
        assertThat(write.join().origin()).isEqualTo("leaf");
        assertThat(leaf.get("oper.y")).isEqualTo("2");
    }

    @Test
    void whatWasWrittenWhileTheMiddleWasAwayIsMergedAtTheTop() {
        global.put("cfg.a", "1");
        await(leaf, "cfg.a", "1");
        net.part("region");
        clock.pass(Duration.ofSeconds(2));
        leaf.put("cfg.leaf", "1");
        region.put("cfg.region", "1");
        global.put("cfg.a", "2");
        net.heal("region");
        await(global, "cfg.leaf", "1");
        await(global, "cfg.region", "1");
        await(leaf, "cfg.a", "2");
        clock.pass(Duration.ofSeconds(30));
        assertThat(leaf.get("cfg")).isEqualTo(global.get("cfg"));
        assertThat(region.get("cfg")).isEqualTo(global.get("cfg"));
        assertThat(other.get("cfg")).isEqualTo(global.get("cfg"));
    }

    @Test
    void callsAndMessagesCrossAllTiers() {
        leaf.calls.add(Path.parse("leaf.f"), call -> Value.of(call.caller()));
        var heard = new ArrayList<String>();
        leaf.channels.subscribe(
                new Channels.Subscription(new Identity("a", "a"), PathPattern.parse("news.**"), Scope.GLOBAL),
                (channel, publisher, message) -> heard.add(publisher + message));
        clock.pass(Duration.ofSeconds(2));
        var answer = other.calls
                .as(new Identity("alice", "cli"))
                .call(Path.parse("leaf.f"), List.of(), Value.object(), Duration.ofSeconds(5))
                .toCompletableFuture();
        clock.until("it is answered", answer::isDone);
        assertThat(answer.join()).isEqualTo(Value.of("cli"));
        other.channels.as(new Identity("alice", "cli")).publish(Path.parse("news.x"), Value.of(1));
        clock.pass(Duration.ofSeconds(1));
        assertThat(heard).containsExactly("cli1");
    }
}
